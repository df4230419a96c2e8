using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A BME680 or BME688: forced mode with heating time, a gas result that is valid only where the plate was heated.</summary>
public sealed class SimulatedBme680(TimeProvider time, bool isBme688 = false) : SimulatedRegisterChip(time)
{
    private const int HeaterIsSetUp = 0x40; // a word below it heats to no useful temperature

    private int _rawTemperature = 494_000, _rawPressure = 350_000, _rawHumidity = 20_000, _gasAdc = 600, _gasRange = 8;
    private bool _heaterFails;
    private bool _isMeasuring;
    private long _measuredAt;

    /// <summary>What the converters give at the next measurements.</summary>
    public void SetRaw(int temperature, int pressure, int humidity)
    {
        lock (Gate)
            (_rawTemperature, _rawPressure, _rawHumidity) = (temperature, pressure, humidity);
    }

    public void SetGas(int adc, int range)
    {
        lock (Gate)
            (_gasAdc, _gasRange) = (adc, range);
    }

    /// <summary>The plate does not reach its temperature.</summary>
    public void FailHeater(bool fails)
    {
        lock (Gate)
            _heaterFails = fails;
    }

    protected override void PowerOn()
    {
        Array.Clear(Registers);
        Registers[Bme680Registers.Id] = Bme680Registers.IdBme680;
        Registers[Bme680Registers.VariantId] = isBme688 ? (byte)1 : (byte)0;
        Word(0x8A, 26353); // T2
        Word(0xE9, 26203); // T1
        Registers[0x8C] = 3;
        (ushort Register, int Value)[] words = [(0x8E, 36094), (0x90, -10337), (0x94, 6902), (0x96, -98), (0x9C, -2386), (0x9E, -2602), (0xEB, -5969)];
        foreach (var (register, value) in words)
            Word((byte)register, value);
        (Registers[0x92], Registers[0x98], Registers[0x99], Registers[0xA0]) = (88, 32, 30, 30); // P3, P7, P6, P10
        (Registers[0xE1], Registers[0xE2], Registers[0xE3]) = (1010 >> 4, ((1010 & 0xF) << 4) | (781 & 0xF), 781 >> 4); // H2, H1
        (Registers[0xE5], Registers[0xE6], Registers[0xE7], Registers[0xE8]) = (45, 20, 120, unchecked((byte)-100));
        (Registers[0xED], Registers[0xEE]) = (unchecked((byte)-30), 18); // GH1, GH3
        (Registers[Bme680Registers.ResHeatVal], Registers[Bme680Registers.ResHeatRange]) = (50, 0x10);
        (Registers[Bme680Registers.Field + 2], Registers[Bme680Registers.Field + 5], Registers[Bme680Registers.Field + 8]) = (0x80, 0x80, 0x80);
        _isMeasuring = false;
    }

    protected override bool IsWritable(byte register) =>
        register is (>= 0x50 and <= 0x6E) or (>= Bme680Registers.CtrlGas0 and <= Bme680Registers.Config) or Bme680Registers.Reset;

    // Writes take pairs of register and value; the address does not count up (DS001 §6.2.1).
    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= 2)
        {
            base.OnWrite(bytes);
            return;
        }

        for (var i = 0; i + 1 < bytes.Length; i += 2)
            base.OnWrite(bytes.Slice(i, 2));
    }

    protected override void OnWritten(byte register, byte value)
    {
        if (register == Bme680Registers.Reset && value == Bme680Registers.ResetWord)
            PowerOn();
        if (register != Bme680Registers.CtrlMeas || (value & 0b11) != Bme680Registers.ForcedMode)
            return;
        _isMeasuring = true;
        Registers[Bme680Registers.Field] = Bme680Registers.Measuring;
        var conversions = Samples(value >> 5) + Samples(value >> 2) + Samples(Registers[Bme680Registers.CtrlHum]);
        var span = Bme680.MeasurementTime(conversions) + (RunsGas ? HeatingTime : TimeSpan.Zero);
        _measuredAt = Time.GetTimestamp() + (long)(span.TotalSeconds * Time.TimestampFrequency);
    }

    protected override void OnReading(byte register)
    {
        if (_isMeasuring && Time.GetTimestamp() >= _measuredAt)
            Finish();
    }

    private bool RunsGas => (Registers[Bme680Registers.CtrlGas1] & (isBme688 ? Bme680Registers.RunGas688 : Bme680Registers.RunGas680)) != 0
        && (Registers[Bme680Registers.CtrlGas0] & Bme680Registers.HeatOff) == 0;

    private TimeSpan HeatingTime => TimeSpan.FromMilliseconds((Registers[Bme680Registers.GasWait0] & 0x3F) * Math.Pow(4, Registers[Bme680Registers.GasWait0] >> 6));

    private static int Samples(int code) => (code & 0b111) switch { 0 => 0, var c and <= 5 => 1 << (c - 1), _ => 16 };

    private void Finish()
    {
        _isMeasuring = false;
        var control = Registers[Bme680Registers.CtrlMeas];
        Registers[Bme680Registers.CtrlMeas] = (byte)(control & ~0b11); // asleep again
        var field = Registers.AsSpan(Bme680Registers.Field, Bme680Registers.FieldLength);
        field[0] = Bme680Registers.NewData;
        Wide(field[Bme680Registers.PressureAt..], Samples(control >> 2) > 0 ? _rawPressure : Bme680Registers.Skipped20);
        Wide(field[Bme680Registers.TemperatureAt..], Samples(control >> 5) > 0 ? _rawTemperature : Bme680Registers.Skipped20);
        var humidity = Samples(Registers[Bme680Registers.CtrlHum]) > 0 ? _rawHumidity : Bme680Registers.Skipped16;
        BinaryPrimitives.WriteUInt16BigEndian(field[Bme680Registers.HumidityAt..], (ushort)humidity);
        var gas = field[(isBme688 ? Bme680Registers.Gas688At : Bme680Registers.Gas680At)..];
        var isStable = RunsGas && !_heaterFails && Registers[Bme680Registers.ResHeat0] >= HeaterIsSetUp && HeatingTime >= TimeSpan.FromMilliseconds(20);
        gas[0] = (byte)(_gasAdc >> 2);
        gas[1] = (byte)((_gasAdc << 6) | _gasRange | (RunsGas ? Bme680Registers.GasValid : 0) | (isStable ? Bme680Registers.HeaterStable : 0));
    }

    private static void Wide(Span<byte> bytes, int value) => (bytes[0], bytes[1], bytes[2]) = ((byte)(value >> 12), (byte)(value >> 4), (byte)(value << 4));

    private void Word(byte register, int value) => BinaryPrimitives.WriteUInt16LittleEndian(Registers.AsSpan(register), unchecked((ushort)value));
}
