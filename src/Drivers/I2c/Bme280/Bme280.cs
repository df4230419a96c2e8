using System.Device.Spi;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>BME280 and BMP280, by I²C or SPI, in forced mode: asleep between readings, so that the chip hardly warms itself.</summary>
internal sealed class Bme280 : PolledSensor
{
    private const int StatusPolls = 10;
    private const int LongestBurst = 24;

    // SPI mode 0 or 3, at most 10 MHz (DS002 §6.3); slower, for wires of a hand's length.
    private static readonly SpiParameters Spi = new(SpiMode.Mode0, 1_000_000);

    private readonly bool _hasHumidity;
    private readonly byte _oversampling; // register code 1..5 for ×1..×16
    private readonly byte _filter;
    private readonly TimeSpan _measurementTime;
    private readonly byte[] _frame;
    private readonly string _bus;
    private readonly int? _address;
    private RegisterPort? _port;
    private Bme280Calibration? _calibration;

    public Bme280(DriverContext context, bool hasHumidity)
        : base(context)
    {
        _hasHumidity = hasHumidity;
        _bus = context.Options.Text("bus");
        _address = context.Driver.Bus == BusKind.I2c ? context.Options.Integer("address") : null;
        Device = new DeviceName(context.Driver.Chip, _bus, _address is { } address ? I2cBusOwner.Hex(address) : "");
        var samples = context.Options.Integer("oversampling");
        _oversampling = (byte)(System.Numerics.BitOperations.Log2((uint)samples) + 1);
        _filter = context.Options.Text("filter") switch { "2" => 1, "4" => 2, "8" => 3, "16" => 4, _ => 0 };
        // DS002 §9.1: the maximum, with the same oversampling everywhere.
        _measurementTime = TimeSpan.FromMilliseconds(1.25 + (2.3 * samples) + (2.3 * samples) + 0.575 + (hasHumidity ? (2.3 * samples) + 0.575 : 0));
        _frame = new byte[hasHumidity ? 8 : 6];
    }

    protected override DeviceName Device { get; }

    private RegisterPort Port => _port ?? throw new InvalidOperationException("The chip is not open.");

    protected override async ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        _port ??= Open();
        await Port.ReadAsync(Bme280Registers.Id, _frame.AsMemory(0, 1), cancellationToken).ConfigureAwait(false);
        CheckId(_frame[0]);
        await Port.WriteAsync(Bme280Registers.Reset, Bme280Registers.ResetWord, cancellationToken).ConfigureAwait(false);
        await WaitUntilClearAsync(Bme280Registers.StatusImageUpdate, TimeSpan.FromMilliseconds(2), "copy its calibration", cancellationToken).ConfigureAwait(false);
        var first = new byte[LongestBurst];
        var h1 = new byte[1];
        var humidity = new byte[_hasHumidity ? 7 : 0];
        await Port.ReadAsync(Bme280Registers.Calibration, first, cancellationToken).ConfigureAwait(false);
        RejectEmpty(first);
        if (_hasHumidity)
        {
            await Port.ReadAsync(Bme280Registers.CalibrationH1, h1, cancellationToken).ConfigureAwait(false);
            await Port.ReadAsync(Bme280Registers.CalibrationH2, humidity, cancellationToken).ConfigureAwait(false);
            RejectEmpty(humidity);
        }

        _calibration = Bme280Calibration.Parse(first, h1[0], humidity);
        if (_hasHumidity)
            await Port.WriteAsync(Bme280Registers.CtrlHum, _oversampling, cancellationToken).ConfigureAwait(false); // holds from the next write to ctrl_meas on
        await Port.WriteAsync(Bme280Registers.Config, (byte)(_filter << 2), cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var measure = (byte)((_oversampling << 5) | (_oversampling << 2) | Bme280Registers.ForcedMode);
        await Port.WriteAsync(Bme280Registers.CtrlMeas, measure, cancellationToken).ConfigureAwait(false);
        await WaitUntilClearAsync(Bme280Registers.StatusMeasuring, _measurementTime, "finish a measurement", cancellationToken).ConfigureAwait(false);
        await Port.ReadAsync(Bme280Registers.Data, _frame, cancellationToken).ConfigureAwait(false); // one burst: the chip shadows the registers meanwhile (§4)
        return Decode();
    }

    protected override void Close()
    {
        _port?.Dispose();
        _port = null;
    }

    private RegisterPort Open()
    {
        try
        {
            return _address is { } address
                ? new I2cRegisterPort(Context.Header.OpenI2c(_bus).Open(address, Context.Driver.Chip))
                : new SpiRegisterPort(Context.Header.OpenSpi(_bus, Context.Driver.Chip, Spi), LongestBurst);
        }
        catch (DriverException ex) when (ex.Device != Device)
        {
            throw new DriverException(ex.Fault, Device, ex.Came, ex.Check, ex); // the bus does not know for whom it was opened
        }
    }

    private Reading Decode()
    {
        RejectEmpty(_frame);
        var rawPressure = (_frame[0] << 12) | (_frame[1] << 4) | (_frame[2] >> 4);
        var rawTemperature = (_frame[3] << 12) | (_frame[4] << 4) | (_frame[5] >> 4);
        if (rawTemperature == Bme280Registers.Skipped20 || rawPressure == Bme280Registers.Skipped20)
            throw Skipped();
        var fine = _calibration!.FineTemperature(rawTemperature);
        var temperature = Value(0, fine / 5120);
        var pressure = Value(1, _calibration.Pressure(rawPressure, fine));
        if (!_hasHumidity)
            return Now(temperature, pressure);
        var rawHumidity = (_frame[6] << 8) | _frame[7];
        if (rawHumidity == Bme280Registers.Skipped16)
            throw Skipped();
        return Now(temperature, pressure, Value(2, _calibration.Humidity(rawHumidity, fine)));
    }

    // A chip that lost its supply for a moment has all measurements turned off.
    private SensorReadException Skipped() => Fault(DriverFault.Garbage, "the reset value instead of a measurement", "the supply: the chip has restarted by itself");

    private void CheckId(byte id)
    {
        var expected = _hasHumidity ? id == Bme280Registers.IdBme280 : id is Bme280Registers.IdBmp280 or 0x56 or 0x57; // 0x56 and 0x57: engineering samples
        if (expected)
            return;
        var (other, check) = id switch
        {
            Bme280Registers.IdBme280 => ("a BME280", "the driver: use bme280"),
            Bme280Registers.IdBmp280 => ("a BMP280, which has no humidity; many boards are sold as BME280", "the driver: use bmp280"),
            Bme280Registers.IdBme680 => ("a BME680", "the driver: use bme680"),
            Bme280Registers.IdBmp180 => ("a BMP180", "the driver: use bmp180"),
            0x00 or 0xFF => ("no chip: the line is held or floats", "wiring and supply"),
            _ => ("another chip", "what is wired at this address"),
        };
        throw Fault(DriverFault.WrongChip, $"identification 0x{id:X2}: {other}", check);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitUntilClearAsync(byte statusBit, TimeSpan time, string what, CancellationToken cancellationToken)
    {
        await Port.WaitAsync(time, cancellationToken).ConfigureAwait(false);
        for (var poll = 0; ; poll++)
        {
            var status = _frame.AsMemory(0, 1);
            await Port.ReadAsync(Bme280Registers.Status, status, cancellationToken).ConfigureAwait(false);
            if ((status.Span[0] & statusBit) == 0)
                return;
            if (poll == StatusPolls)
                throw Fault(DriverFault.NotReady, $"status 0x{status.Span[0]:X2}: it did not {what} in time", "the supply and the wiring; a held line reads as all ones");
            await Port.WaitAsync(TimeSpan.FromMilliseconds(1), cancellationToken).ConfigureAwait(false);
        }
    }
}
