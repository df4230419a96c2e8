using System.Buffers.Binary;
using System.Device.Spi;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A MAX31865: the result is right only with the bias on long enough, and there only after the conversion time.</summary>
public sealed class SimulatedMax31865(TimeProvider time, double reference = 430) : SimulatedSpiChip(time)
{
    private readonly byte[] _registers = [0, 0, 0, 0xFF, 0xFF, 0, 0, 0];
    private double _ohms = 100;
    private byte _fault;
    private long _biasSince;
    private long _readyAt = long.MaxValue;

    public void SetResistance(double ohms)
    {
        lock (Gate)
            _ohms = ohms;
    }

    /// <summary>A wire breaks; <see cref="Mend"/> joins it.</summary>
    public void Break()
    {
        lock (Gate)
            _fault = Max31865Registers.RtdLow;
    }

    public void Mend()
    {
        lock (Gate)
            _fault = 0;
    }

    /// <summary>Off and on: it forgets its configuration.</summary>
    public void PowerCycle()
    {
        lock (Gate)
        {
            ((ReadOnlySpan<byte>)[0, 0, 0, 0xFF, 0xFF, 0, 0, 0]).CopyTo(_registers);
            _readyAt = long.MaxValue;
        }
    }

    protected internal override bool Accepts(SpiMode mode) => mode is SpiMode.Mode1 or SpiMode.Mode3;

    protected internal override int MaximumClockHertz => 5_000_000;

    protected override void Exchange(ReadOnlySpan<byte> output, Span<byte> input)
    {
        Convert();
        var address = output[0] & 0x7F;
        for (var i = 1; i < output.Length && address < _registers.Length; i++, address++)
        {
            input[i] = _registers[address];
            if ((output[0] & Max31865Registers.WriteFlag) != 0)
                Write(address, output[i]);
        }
    }

    private void Write(int address, byte value)
    {
        if (address is >= Max31865Registers.HighThreshold and < Max31865Registers.FaultStatus)
            _registers[address] = value;
        if (address != Max31865Registers.Configuration)
            return;
        if ((value & Max31865Registers.Bias) != 0 && (_registers[0] & Max31865Registers.Bias) == 0)
            _biasSince = Time.GetTimestamp();
        if ((value & Max31865Registers.ClearFault) != 0)
            _registers[Max31865Registers.FaultStatus] = 0;
        if ((value & Max31865Registers.OneShot) != 0)
            Start(value);
        _registers[0] = (byte)(value & ~(Max31865Registers.OneShot | Max31865Registers.ClearFault));
    }

    private void Start(byte configuration)
    {
        var settled = (configuration & Max31865Registers.Bias) != 0 && Time.GetElapsedTime(_biasSince) >= TimeSpan.FromMilliseconds(10);
        var code = settled ? (int)Math.Clamp(Math.Round(_ohms / reference * 32768), 0, 32767) : 0x1234;
        BinaryPrimitives.WriteUInt16BigEndian(_registers.AsSpan(1), 0); // until it is done
        _pending = (ushort)((code << 1) | (_fault != 0 ? 1 : 0));
        var milliseconds = (configuration & Max31865Registers.Filter50Hertz) != 0 ? 62.5 : 52;
        _readyAt = Time.GetTimestamp() + (long)(milliseconds / 1000 * Time.TimestampFrequency);
    }

    private ushort _pending;

    private void Convert()
    {
        if (Time.GetTimestamp() < _readyAt)
            return;
        _readyAt = long.MaxValue;
        BinaryPrimitives.WriteUInt16BigEndian(_registers.AsSpan(1), _pending);
        _registers[Max31865Registers.FaultStatus] |= _fault;
    }
}
