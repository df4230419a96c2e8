using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A TSL2561: a command byte before every register, off after power-on, counts that end at the integration time's full scale.</summary>
public sealed class SimulatedTsl2561(TimeProvider time, bool isChipScale = false) : SimulatedRegisterChip(time)
{
    private double _counts0 = 4000, _counts1 = 800;
    private long _readyAt;

    /// <summary>Counts as at gain 16 and 402 ms.</summary>
    public void SetLight(double broadband, double infrared)
    {
        lock (Gate)
            (_counts0, _counts1) = (broadband, infrared);
    }

    protected override void PowerOn()
    {
        Array.Clear(Registers);
        Registers[Tsl2561.Timing] = 0x02;
        Registers[Tsl2561.Id] = isChipScale ? (byte)0x11 : (byte)0x50;
    }

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || (bytes[0] & Tsl2561.Command) == 0)
            return; // only a byte with the command bit selects a register
        base.OnWrite([(byte)(bytes[0] & 0x0F), .. bytes[1..]]);
    }

    protected override bool IsWritable(byte register) => register <= 6;

    protected override byte Next(byte register) => (byte)((register + 1) & 0x0F);

    protected override void OnWritten(byte register, byte value)
    {
        if (register is Tsl2561.Control or Tsl2561.Timing)
            _readyAt = Time.GetTimestamp() + (long)(Tsl2561.Times[Code].Milliseconds / 1000 * Time.TimestampFrequency);
    }

    protected override void OnReading(byte register)
    {
        if (register is not (Tsl2561.Channel0 or Tsl2561.Channel1) || (Registers[Tsl2561.Control] & 0b11) != Tsl2561.PowerOn || Time.GetTimestamp() < _readyAt)
            return;
        Store(Tsl2561.Channel0, _counts0);
        Store(Tsl2561.Channel1, _counts1);
    }

    private int Code => Math.Min(Registers[Tsl2561.Timing] & 0b11, 2);

    private void Store(byte register, double counts)
    {
        var (_, _, factor, fullScale) = Tsl2561.Times[Code];
        var raw = counts / factor / ((Registers[Tsl2561.Timing] & Tsl2561.HighGain) != 0 ? 1 : 16);
        BinaryPrimitives.WriteUInt16LittleEndian(Registers.AsSpan(register), (ushort)Math.Clamp(Math.Round(raw), 0, fullScale));
    }
}
