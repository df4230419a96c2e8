using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>A BME280 or BMP280: registers, shadowed settings, forced mode with its conversion time.</summary>
public sealed class SimulatedBme280(TimeProvider time, bool hasHumidity = true) : SimulatedRegisterChip(time)
{
    // The datasheet's example words (BST-BMP280-DS001 §3.12) and humidity words of an ordinary chip.
    private static readonly Bme280Calibration Calibration = new()
    {
        T1 = 27504, T2 = 26435, T3 = -1000,
        P1 = 36477, P2 = -10685, P3 = 3024, P4 = 2855, P5 = 140, P6 = -7, P7 = 15500, P8 = -14600, P9 = 6000,
        H1 = 75, H2 = 355, H3 = 0, H4 = 338, H5 = 0, H6 = 30,
    };

    private double _celsius = 21, _pascal = 101_325, _humidity = 50;
    private int? _rawTemperature, _rawPressure, _rawHumidity;
    private byte _humidityInForce;
    private long _measuredAt;
    private long _imageReadyAt;
    private bool _isMeasuring;

    /// <summary>The air around the chip, from its next measurement on.</summary>
    public void SetClimate(double celsius, double pascal, double humidityPercent)
    {
        lock (Gate)
        {
            (_celsius, _pascal, _humidity) = (celsius, pascal, humidityPercent);
            (_rawTemperature, _rawPressure, _rawHumidity) = (null, null, null);
        }
    }

    /// <summary>What the converter gives at the next measurements, past the physics.</summary>
    public void SetRaw(int temperature, int pressure, int humidity)
    {
        lock (Gate)
            (_rawTemperature, _rawPressure, _rawHumidity) = (temperature, pressure, humidity);
    }

    protected override void PowerOn()
    {
        Array.Clear(Registers);
        Registers[Bme280Registers.Id] = hasHumidity ? Bme280Registers.IdBme280 : Bme280Registers.IdBmp280;
        short[] words = [(short)Calibration.T1, Calibration.T2, Calibration.T3, unchecked((short)Calibration.P1), Calibration.P2, Calibration.P3, Calibration.P4,
            Calibration.P5, Calibration.P6, Calibration.P7, Calibration.P8, Calibration.P9];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(Registers.AsSpan(Bme280Registers.Calibration + (2 * i)), words[i]);
        if (hasHumidity)
        {
            Registers[Bme280Registers.CalibrationH1] = Calibration.H1;
            BinaryPrimitives.WriteInt16LittleEndian(Registers.AsSpan(Bme280Registers.CalibrationH2), Calibration.H2);
            Registers[0xE3] = Calibration.H3;
            Registers[0xE4] = (byte)(Calibration.H4 >> 4);
            Registers[0xE5] = (byte)((Calibration.H4 & 0x0F) | ((Calibration.H5 & 0x0F) << 4));
            Registers[0xE6] = (byte)(Calibration.H5 >> 4);
            Registers[0xE7] = (byte)Calibration.H6;
        }

        StoreData(Bme280Registers.Skipped20, Bme280Registers.Skipped20, Bme280Registers.Skipped16);
        _humidityInForce = 0;
        _isMeasuring = false;
        _imageReadyAt = Time.GetTimestamp() + (Time.TimestampFrequency * 2 / 1000);
    }

    protected override bool IsWritable(byte register) =>
        register is Bme280Registers.Reset or Bme280Registers.CtrlMeas or Bme280Registers.Config || (hasHumidity && register == Bme280Registers.CtrlHum);

    // Writes take pairs of register and value; the address does not count up (DS002 §6.2.1).
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
        if (register == Bme280Registers.Reset)
        {
            Registers[Bme280Registers.Reset] = 0;
            if (value == Bme280Registers.ResetWord)
                PowerOn();
        }

        if (register != Bme280Registers.CtrlMeas)
            return;
        Registers[Bme280Registers.CtrlMeas] = value;
        _humidityInForce = (byte)(Registers[Bme280Registers.CtrlHum] & 0b111);
        if ((value & 0b11) is 0b01 or 0b10)
        {
            _isMeasuring = true;
            var milliseconds = 1.25 + (2.3 * Samples(value >> 5)) + Stage(value >> 2) + (hasHumidity ? Stage(_humidityInForce) : 0); // maximum times, §9.1: who waits less is caught
            _measuredAt = Time.GetTimestamp() + (long)(milliseconds / 1000 * Time.TimestampFrequency);
        }
    }

    protected override void OnReading(byte register)
    {
        if (_isMeasuring && Time.GetTimestamp() >= _measuredAt)
            Finish();
        if (register == Bme280Registers.Status)
        {
            Registers[register] = (byte)((_isMeasuring ? Bme280Registers.StatusMeasuring : 0)
                | (Time.GetTimestamp() < _imageReadyAt ? Bme280Registers.StatusImageUpdate : 0));
        }
    }

    private static double Samples(int code) => (code & 0b111) switch { 0 => 0, var c and <= 5 => 1 << (c - 1), _ => 16 };

    private static double Stage(int code) => Samples(code) is > 0 and var samples ? (2.3 * samples) + 0.575 : 0;

    private void Finish()
    {
        _isMeasuring = false;
        var control = Registers[Bme280Registers.CtrlMeas];
        Registers[Bme280Registers.CtrlMeas] = (byte)(control & ~0b11); // forced mode ends asleep
        var rawT = _rawTemperature ?? Solve(raw => Calibration.FineTemperature(raw) / 5120, _celsius, 0xFFFFF);
        var fine = Calibration.FineTemperature(rawT);
        var rawP = _rawPressure ?? Solve(raw => -Calibration.Pressure(raw, fine), -_pascal, 0xFFFFF);
        var rawH = _rawHumidity ?? Solve(raw => Calibration.Humidity(raw, fine), _humidity, 0xFFFF);
        StoreData(
            Samples(control >> 2) > 0 ? rawP : Bme280Registers.Skipped20,
            Samples(control >> 5) > 0 ? rawT : Bme280Registers.Skipped20,
            Samples(_humidityInForce) > 0 ? rawH : Bme280Registers.Skipped16);
    }

    private void StoreData(int pressure, int temperature, int humidity)
    {
        var data = Registers.AsSpan(Bme280Registers.Data, 8);
        (data[0], data[1], data[2]) = ((byte)(pressure >> 12), (byte)(pressure >> 4), (byte)(pressure << 4));
        (data[3], data[4], data[5]) = ((byte)(temperature >> 12), (byte)(temperature >> 4), (byte)(temperature << 4));
        if (hasHumidity)
            (data[6], data[7]) = ((byte)(humidity >> 8), (byte)humidity);
    }

    // The smallest raw value that reaches the wanted one; every formula rises over its range.
    private static int Solve(Func<int, double> convert, double wanted, int largest)
    {
        var (low, high) = (0, largest);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (convert(middle) < wanted)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
