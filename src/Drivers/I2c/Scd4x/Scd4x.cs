using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>SCD40 and SCD41 in periodic measurement. Facts: Sensirion SCD4x v1.4 §3.</summary>
internal sealed class Scd4x : I2cSensor
{
    public const ushort Start = 0x21B1, StartLowPower = 0x21AC, Stop = 0x3F86, DataReady = 0xE4B8, ReadMeasurement = 0xEC05,
        SetAmbientPressure = 0xE000, SetAltitude = 0x2427, SetSelfCalibration = 0x2416, Serial = 0x3682;

    private static readonly ImmutableArray<int> Addresses = [0x62];
    private static readonly TimeSpan CommandTime = TimeSpan.FromMilliseconds(1), StopTime = TimeSpan.FromMilliseconds(500);
    private const int ReadyBits = 0x07FF;

    private readonly bool _lowPower;
    private readonly int _altitude;
    private readonly double _pressure;
    private readonly bool _selfCalibrates;
    private readonly byte[] _frame = new byte[9];
    private readonly byte[] _set = new byte[5];

    public Scd4x(DriverContext context)
        : base(context)
    {
        _lowPower = context.Options.Boolean("lowPower");
        _altitude = context.Options.Integer("altitude");
        _pressure = context.Options.Number("pressure");
        _selfCalibrates = context.Options.Boolean("selfCalibration");
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "scd4x",
        Chip = "SCD4x",
        Description = "Carbon dioxide, temperature and humidity (SCD40, SCD41)",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("co2", Unit.PartsPerMillion, 300, 40_000, "Carbon dioxide"),
            new("temperature", Unit.Celsius, -10, 60, "Air temperature at the sensor, which warms itself"),
            new("humidity", Unit.RelativeHumidity, 0, 100, "Relative humidity"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Boolean("lowPower", false, "measure each 30 s instead of each 5 s"),
            DriverOption.Integer("altitude", 0, 0, 3000, "metres above the sea, for the pressure the chip assumes"),
            DriverOption.Number("pressure", 0, 0, 120_000, "air pressure in Pa instead of the altitude; 0: not known"),
            DriverOption.Boolean("selfCalibration", true, "let the chip take its lowest values of a week for fresh air"),
        ],
        Datasheet = "Sensirion SCD4x v1.4",
        ShortestInterval = TimeSpan.FromSeconds(5),
        Wiring = "3.3 V (peaks of 200 mA), GND, SDA, SCL.",
        Accuracy = "±50 ppm ±5 % (SCD40), ±40 ppm ±5 % (SCD41).",
        Notes = ["Self-calibration needs fresh air once a week.", "The first reading comes 5 s (lowPower: 30 s) after the start."],
        Factory = context => new Scd4x(context),
    };

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        await StopAsync(cancellationToken).ConfigureAwait(false); // a second start while it measures can hang the bus
        await SendAsync(Serial, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(CommandTime, cancellationToken).ConfigureAwait(false);
        await Chip.ReadAsync(_frame, cancellationToken).ConfigureAwait(false);
        RejectEmpty(_frame);
        for (var i = 0; i < 9; i += 3)
            SensirionWord.Read(_frame.AsSpan(i), Device, "serial number");
        await SetAsync(SetAltitude, (ushort)_altitude, cancellationToken).ConfigureAwait(false);
        await SetAsync(SetSelfCalibration, _selfCalibrates ? (ushort)1 : (ushort)0, cancellationToken).ConfigureAwait(false);
        await SendAsync(_lowPower ? StartLowPower : Start, cancellationToken).ConfigureAwait(false);
        if (_pressure > 0)
            await SetAsync(SetAmbientPressure, Hectopascal(_pressure), cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var longest = _lowPower ? TimeSpan.FromSeconds(36) : TimeSpan.FromSeconds(6);
        for (var start = Time.GetTimestamp(); !await IsReadyAsync(cancellationToken).ConfigureAwait(false);)
        {
            if (Time.GetElapsedTime(start) > longest)
                throw Fault(DriverFault.NotReady, $"no measurement in {longest.TotalSeconds} s", "the supply: it takes peaks of 200 mA");
            await Chip.WaitAsync(TimeSpan.FromMilliseconds(200), cancellationToken).ConfigureAwait(false);
        }

        await SendAsync(ReadMeasurement, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(CommandTime, cancellationToken).ConfigureAwait(false);
        await Chip.ReadAsync(_frame, cancellationToken).ConfigureAwait(false);
        RejectEmpty(_frame);
        var (ppm, celsius, humidity) = (SensirionWord.Read(_frame, Device, "co2"), SensirionWord.Read(_frame.AsSpan(3), Device, "temperature"),
            SensirionWord.Read(_frame.AsSpan(6), Device, "humidity"));
        return Now(Value(0, ppm), Value(1, -45 + (175.0 * celsius / 65535)), Value(2, 100.0 * humidity / 65535));
    }

    private async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(Stop, cancellationToken).ConfigureAwait(false);
        }
        catch (DriverException ex) when (ex.Fault == DriverFault.Absent)
        {
            // It acknowledges nothing for half a second after an earlier stop, which may have been ours, cancelled.
            await Chip.WaitAsync(StopTime, cancellationToken).ConfigureAwait(false);
            await SendAsync(Stop, cancellationToken).ConfigureAwait(false);
        }

        await Chip.WaitAsync(StopTime, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The command's unit is hPa: a value in Pa, limited to that, would turn compensation off unnoticed.</summary>
    internal static ushort Hectopascal(double pascal) => (ushort)Math.Clamp(Math.Round(pascal / 100), 700, 1200);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        await SendAsync(DataReady, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(CommandTime, cancellationToken).ConfigureAwait(false);
        await Chip.ReadAsync(_frame.AsMemory(0, 3), cancellationToken).ConfigureAwait(false);
        return (SensirionWord.Read(_frame, Device, "data ready") & ReadyBits) != 0;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SetAsync(ushort command, ushort value, CancellationToken cancellationToken)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_set, command);
        SensirionWord.Write(_set.AsSpan(2), value);
        await Chip.WriteAsync(_set, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(CommandTime, cancellationToken).ConfigureAwait(false);
    }
}
