using System.Buffers.Binary;
using static EdgeGateway.Drivers.Vl53l0xRegisters;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>
/// A VL53L0X: pages behind register 0xFF, a look-up of its SPADs, calibrations, and rangings that come out wrong
/// where the stop variable, the tuning or the SPAD map is not the one it was given.
/// </summary>
public sealed class SimulatedVl53l0x(TimeProvider time) : SimulatedRegisterChip(time)
{
    private const byte Secret = 0x3C; // its stop variable
    private const byte Spads = 0x80 | 5; // five, covered

    private readonly Dictionary<(byte Page, byte Register), byte> _pages = [];
    private byte _page;
    private double _metres = 0.5;
    private int _status = RangeComplete;
    private long? _readyAt;
    private bool _isCalibrated;

    public void SetDistance(double metres, int rangeStatus = RangeComplete)
    {
        lock (Gate)
            (_metres, _status) = (metres, rangeStatus);
    }

    protected override void PowerOn()
    {
        Array.Clear(Registers);
        _pages.Clear();
        (Registers[ModelId], Registers[ModuleId], Registers[RevisionId]) = (Model, Module, 0x10);
        Registers.AsSpan(SpadMap, 6).Fill(0xFF);
        (_page, _readyAt, _isCalibrated) = (0, null, false);
        _pages[(1, StopVariable)] = Secret;
    }

    protected override bool IsWritable(byte register) => register is not (ModelId or ModuleId or RevisionId or InterruptStatus);

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (bytes is [Page, var page])
            _page = page;
        else if (_page == 0 || bytes.Length < 2)
            base.OnWrite(bytes);
        else
            _pages[(_page, bytes[0])] = bytes[1];
    }

    protected override void OnWriteRead(int address, ReadOnlySpan<byte> write, Span<byte> read)
    {
        base.OnWrite(write);
        if (_page == 0)
        {
            OnRead(read);
            return;
        }

        var isStrobed = _page == 7 && write[0] is SpadStrobe or SpadInfo && OnPage(7, SpadKey) == 0x6B;
        read[0] = write[0] switch
        {
            SpadStrobe when isStrobed => 0x10,
            SpadInfo when isStrobed => Spads,
            _ => OnPage(_page, write[0]),
        };
    }

    protected override void OnWritten(byte register, byte value)
    {
        if (register == SysrangeStart && (value & 1) != 0)
        {
            var isCalibration = Registers[SequenceConfig] is 1 or 2;
            _isCalibrated |= Registers[SequenceConfig] == 2;
            _readyAt = Registers[InterruptConfig] == NewSample ? Time.GetTimestamp() + (Time.TimestampFrequency * (isCalibration ? 5 : 33) / 1000) : null;
        }

        if (register == InterruptClear)
            Registers[InterruptStatus] = 0;
    }

    protected override void OnReading(byte register)
    {
        if (_readyAt is not { } ready || Time.GetTimestamp() < ready)
            return;
        _readyAt = null;
        Registers[SysrangeStart] &= 0xFE;
        Registers[InterruptStatus] = NewSample;
        var result = Registers.AsSpan(RangeStatus, ResultLength);
        result.Fill(0x55);
        result[0] = (byte)((_status << 3) | 1);
        var millimetres = IsSetUp ? Math.Round(_metres * 1000) : 20;
        BinaryPrimitives.WriteUInt16BigEndian(result[DistanceAt..], (ushort)Math.Clamp(millimetres, 0, NoTarget));
    }

    private byte OnPage(byte page, byte register) => _pages.GetValueOrDefault((page, register));

    // Five cells from the twelfth on; the tuning's last words; the stop variable it gave.
    private bool IsSetUp => _isCalibrated && OnPage(1, StopVariable) == Secret && Registers[0x72] == 0xFE && Registers[0x46] == 0x25
        && Registers.AsSpan(SpadMap, 6).SequenceEqual((ReadOnlySpan<byte>)[0x00, 0xF0, 0x01, 0x00, 0x00, 0x00]);
}
