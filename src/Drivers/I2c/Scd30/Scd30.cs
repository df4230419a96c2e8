using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>SCD30 in continuous measurement. Facts: Sensirion SCD30 interface description v1.0 §1.4.</summary>
internal sealed class Scd30 : I2cSensor
{
    public const ushort Start = 0x0010, Stop = 0x0104, Interval = 0x4600, DataReady = 0x0202, ReadMeasurement = 0x0300, SelfCalibration = 0x5306, Altitude = 0x5102, Firmware = 0xD100;

    private static readonly ImmutableArray<int> Addresses = [0x61];
    private static readonly TimeSpan CommandTime = TimeSpan.FromMilliseconds(3);

    private readonly int _interval;
    private readonly ushort _pressure;
    private readonly bool _selfCalibrates;
    private readonly byte[] _frame = new byte[18];
    private readonly byte[] _set = new byte[5];

    public Scd30(DriverContext context)
        : base(context)
    {
        _interval = context.Options.Integer("measurementInterval");
        var pascal = context.Options.Number("pressure");
        _pressure = pascal > 0 ? (ushort)Math.Clamp(Math.Round(pascal / 100), 700, 1400) : (ushort)0; // 0: no compensation
        _selfCalibrates = context.Options.Boolean("selfCalibration");
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "scd30",
        Chip = "SCD30",
        Description = "Carbon dioxide, temperature and humidity",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("co2", Unit.PartsPerMillion, 200, 40_000, "Carbon dioxide"),
            new("temperature", Unit.Celsius, -40, 70, "Air temperature at the sensor, which warms itself"),
            new("humidity", Unit.RelativeHumidity, 0, 100, "Relative humidity"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Integer("measurementInterval", 2, 2, 1800, "seconds between the chip's own measurements"),
            DriverOption.Number("pressure", 0, 0, 140_000, "air pressure in Pa; 0: not known"),
            DriverOption.Boolean("selfCalibration", true, "let the chip take its lowest values of a week for fresh air"),
        ],
        Datasheet = "Sensirion SCD30 interface description v1.0",
        ShortestInterval = TimeSpan.FromSeconds(2),
        Wiring = "3.3 to 5.5 V, GND, SDA, SCL; SEL open or low.",
        Accuracy = "±30 ppm ±3 %.",
        Notes = ["It holds the clock for up to 30 ms: dtparam=i2c_arm_baudrate=10000, or a bus of its own with the i2c-gpio overlay."],
        Factory = context => new Scd30(context),
    };

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        await AskAsync(Firmware, 3, cancellationToken).ConfigureAwait(false);
        SensirionWord.Read(_frame, Device, "firmware version");
        RejectEmpty(_frame.AsSpan(0, 3));
        await SetAsync(Interval, (ushort)_interval, cancellationToken).ConfigureAwait(false);
        await SetAsync(SelfCalibration, _selfCalibrates ? (ushort)1 : (ushort)0, cancellationToken).ConfigureAwait(false);
        await SetAsync(Start, _pressure, cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        for (var start = Time.GetTimestamp(); ;)
        {
            await AskAsync(DataReady, 3, cancellationToken).ConfigureAwait(false);
            if (SensirionWord.Read(_frame, Device, "data ready") == 1)
                break;
            if (Time.GetElapsedTime(start) > TimeSpan.FromSeconds((_interval * 1.5) + 3))
                throw Fault(DriverFault.NotReady, $"no measurement in {_interval} s and half as much again", "the supply");
            await Chip.WaitAsync(TimeSpan.FromMilliseconds(200), cancellationToken).ConfigureAwait(false);
        }

        await AskAsync(ReadMeasurement, 18, cancellationToken).ConfigureAwait(false);
        RejectEmpty(_frame);
        return Now(Value(0, Float(0, "co2")), Value(1, Float(6, "temperature")), Value(2, Float(12, "humidity")));
    }

    private double Float(int at, string what)
    {
        var high = SensirionWord.Read(_frame.AsSpan(at), Device, what);
        var low = SensirionWord.Read(_frame.AsSpan(at + 3), Device, what);
        return BitConverter.UInt32BitsToSingle(((uint)high << 16) | low);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AskAsync(ushort command, int length, CancellationToken cancellationToken)
    {
        await SendAsync(command, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(CommandTime, cancellationToken).ConfigureAwait(false);
        await Chip.ReadAsync(_frame.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
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
