using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>BME680 and BME688 in forced mode, one heating step a reading. Facts: Bosch BST-BME680-DS001 rev 1.8 §3, BST-BME688-DS000 rev 1.2.</summary>
internal sealed class Bme680 : I2cSensor
{
    private const int Polls = 20;
    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(5);

    private readonly byte _oversampling;
    private readonly byte _filter;
    private readonly bool _hasGas;
    private readonly int _heaterCelsius;
    private readonly TimeSpan _heaterTime;
    private readonly TimeSpan _measurementTime;
    private readonly byte[] _field = new byte[Bme680Registers.FieldLength];
    private Bme680Calibration? _calibration;
    private Bme680Gas _gas;
    private bool _isBme688;
    private double _ambient;
    private long _startedAt;

    public Bme680(DriverContext context)
        : base(context)
    {
        var samples = context.Options.Integer("oversampling");
        _oversampling = (byte)(System.Numerics.BitOperations.Log2((uint)samples) + 1);
        _filter = context.Options.Text("filter") switch { "1" => 1, "3" => 2, "7" => 3, "15" => 4, _ => 0 };
        _hasGas = context.Options.Boolean("gas");
        _heaterCelsius = context.Options.Integer("heaterTemperature");
        _heaterTime = context.Options.Duration("heaterTime");
        _measurementTime = MeasurementTime(3 * samples) + (_hasGas ? _heaterTime : TimeSpan.Zero);
    }

    /// <summary>Wake-up, conversions and switching, without the heater.</summary>
    internal static TimeSpan MeasurementTime(int conversions) => TimeSpan.FromMicroseconds(1000 + (1963 * conversions) + (477 * 9));

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        var id = await ReadRegisterAsync(Bme680Registers.Id, cancellationToken).ConfigureAwait(false);
        if (id != Bme680Registers.IdBme680)
            throw WrongChip($"identification 0x{id:X2} instead of 0x61", "the driver: 0x60 is a BME280, 0x58 a BMP280; 0x00 and 0xFF are the wiring");
        await WriteRegisterAsync(Bme680Registers.Reset, Bme680Registers.ResetWord, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(10), cancellationToken).ConfigureAwait(false);
        _isBme688 = await ReadRegisterAsync(Bme680Registers.VariantId, cancellationToken).ConfigureAwait(false) == 1;
        await ReadCalibrationAsync(cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Bme680Registers.CtrlHum, _oversampling, cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Bme680Registers.Config, (byte)(_filter << 2), cancellationToken).ConfigureAwait(false);
        await WriteRegisterAsync(Bme680Registers.CtrlGas0, _hasGas ? (byte)0 : Bme680Registers.HeatOff, cancellationToken).ConfigureAwait(false);
        if (_hasGas)
        {
            await WriteRegisterAsync(Bme680Registers.GasWait0, Bme680Gas.GasWait(_heaterTime.TotalMilliseconds), cancellationToken).ConfigureAwait(false);
            await WriteRegisterAsync(Bme680Registers.CtrlGas1, _isBme688 ? Bme680Registers.RunGas688 : Bme680Registers.RunGas680, cancellationToken).ConfigureAwait(false);
        }

        _ambient = 25;
        _startedAt = Time.GetTimestamp();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        if (_hasGas)
            await WriteRegisterAsync(Bme680Registers.ResHeat0, _gas.ResHeat(_heaterCelsius, _ambient), cancellationToken).ConfigureAwait(false);
        var measure = (byte)((_oversampling << 5) | (_oversampling << 2) | Bme680Registers.ForcedMode);
        await WriteRegisterAsync(Bme680Registers.CtrlMeas, measure, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(_measurementTime, cancellationToken).ConfigureAwait(false);
        for (var poll = 0; ; poll++)
        {
            await ReadRegistersAsync(Bme680Registers.Field, _field, cancellationToken).ConfigureAwait(false);
            RejectEmpty(_field);
            if ((_field[0] & (Bme680Registers.NewData | Bme680Registers.Measuring | Bme680Registers.GasMeasuring)) == Bme680Registers.NewData)
                return Decode();
            if (poll == Polls)
                throw Fault(DriverFault.NotReady, $"status 0x{_field[0]:X2}: no new measurement in time", "the supply, and whether another program uses the chip");
            await Chip.WaitAsync(TimeSpan.FromMilliseconds(5), cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask ReadCalibrationAsync(CancellationToken cancellationToken)
    {
        var first = new byte[Bme680Registers.FirstCalibrationLength];
        var second = new byte[Bme680Registers.SecondCalibrationLength];
        await ReadRegistersAsync(Bme680Registers.FirstCalibration, first, cancellationToken).ConfigureAwait(false);
        await ReadRegistersAsync(Bme680Registers.SecondCalibration, second, cancellationToken).ConfigureAwait(false);
        RejectEmpty(first);
        RejectEmpty(second);
        _calibration = Bme680Calibration.Parse(first, second);
        var heatValue = await ReadRegisterAsync(Bme680Registers.ResHeatVal, cancellationToken).ConfigureAwait(false);
        var heatRange = await ReadRegisterAsync(Bme680Registers.ResHeatRange, cancellationToken).ConfigureAwait(false);
        var switchingError = await ReadRegisterAsync(Bme680Registers.RangeSwitchingError, cancellationToken).ConfigureAwait(false);
        _gas = Bme680Gas.Parse(second, heatValue, heatRange, switchingError);
    }

    private Reading Decode()
    {
        var (rawPressure, rawTemperature) = (Wide(Bme680Registers.PressureAt), Wide(Bme680Registers.TemperatureAt));
        var rawHumidity = (_field[Bme680Registers.HumidityAt] << 8) | _field[Bme680Registers.HumidityAt + 1];
        if (rawPressure == Bme680Registers.Skipped20 || rawTemperature == Bme680Registers.Skipped20 || rawHumidity == Bme680Registers.Skipped16)
            throw Fault(DriverFault.Garbage, "the reset value instead of a measurement", "the supply: the chip has restarted by itself");
        var fine = _calibration!.FineTemperature(rawTemperature);
        var temperature = Value(0, fine / 5120);
        var pressure = Value(1, _calibration.Pressure(rawPressure, fine));
        var humidity = Value(2, _calibration.Humidity(rawHumidity, fine));
        if (temperature.Quality == ReadingQuality.Good)
            _ambient = temperature.Value;
        return Gas() is { } ohm
            ? Now([temperature, pressure, humidity, Value(3, ohm, Time.GetElapsedTime(_startedAt) < WarmUp ? ReadingQuality.Warming : ReadingQuality.Good)])
            : Now(temperature, pressure, humidity);
    }

    // Without both bits the plate was not at its temperature: such a value is none.
    private double? Gas()
    {
        var at = _isBme688 ? Bme680Registers.Gas688At : Bme680Registers.Gas680At;
        var low = _field[at + 1];
        if ((low & Bme680Registers.GasValid) == 0 || (low & Bme680Registers.HeaterStable) == 0)
            return null;
        var (adc, range) = ((_field[at] << 2) | (low >> 6), low & 0x0F);
        return _isBme688 ? Bme680Gas.Ohm688(adc, range) : _gas.Ohm680(adc, range);
    }

    private int Wide(int at) => (_field[at] << 12) | (_field[at + 1] << 4) | (_field[at + 2] >> 4);
}
