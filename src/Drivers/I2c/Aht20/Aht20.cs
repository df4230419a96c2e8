using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>AHT20, AHT21, AHT10 and DHT20. Facts: ASAIR AHT20 v1.1 §5.3, §5.4, §6.</summary>
internal sealed class Aht20 : I2cSensor
{
    public const int StatusBusy = 0x80, StatusCalibrated = 0x08;

    private static readonly ImmutableArray<int> Addresses = [0x38];
    private static readonly byte[] Measure = [0xAC, 0x33, 0x00];

    private readonly bool _hasChecksum;
    private readonly byte[] _initialize;
    private readonly byte[] _frame;

    public Aht20(DriverContext context)
        : base(context)
    {
        _hasChecksum = context.Options.Text("variant") == "aht20"; // the AHT10 ends after six bytes
        _initialize = _hasChecksum ? [0xBE, 0x08, 0x00] : [0xE1, 0x08, 0x00];
        _frame = new byte[_hasChecksum ? 7 : 6];
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "aht20",
        Chip = "AHT20",
        Description = "Temperature and humidity (AHT20, AHT21, DHT20, AHT10)",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("temperature", Unit.Celsius, -40, 85, "Air temperature"),
            new("humidity", Unit.RelativeHumidity, 0, 100, "Relative humidity"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Choice("variant", "aht20", ["aht20", "aht10"], "the AHT10 has another start command and no checksum"),
        ],
        Datasheet = "ASAIR AHT20 v1.1",
        Wiring = "3.3 V, GND, SDA, SCL.",
        Accuracy = "±0.3 °C, ±2 %RH.",
        Notes = ["An AHT10 may answer to other chips' traffic: give it a bus of its own."],
        Factory = context => new Aht20(context),
    };

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(100), cancellationToken).ConfigureAwait(false); // after power-on
        if ((await StatusAsync(cancellationToken).ConfigureAwait(false) & StatusCalibrated) != 0)
            return;
        await Chip.WriteAsync(_initialize, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(10), cancellationToken).ConfigureAwait(false);
        var status = await StatusAsync(cancellationToken).ConfigureAwait(false);
        if ((status & StatusCalibrated) == 0)
            throw Fault(DriverFault.ChipFault, $"status 0x{status:X2}: it does not load its calibration", "the chip, and the option 'variant'");
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        await Chip.WriteAsync(Measure, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(80), cancellationToken).ConfigureAwait(false);
        await Chip.ReadAsync(_frame, cancellationToken).ConfigureAwait(false);
        RejectEmpty(_frame);
        if ((_frame[0] & StatusBusy) != 0)
            throw Fault(DriverFault.NotReady, $"status 0x{_frame[0]:X2}: still measuring", "the supply");
        if (_hasChecksum && Crc8.Sensirion(_frame.AsSpan(0, 6)) is var crc && crc != _frame[6])
            throw Fault(DriverFault.Checksum, $"{Convert.ToHexString(_frame)} with checksum {_frame[6]:X2} instead of {crc:X2}", "the cable, and the option 'variant': an AHT10 has no checksum");
        if ((_frame[0] & StatusCalibrated) == 0)
            throw Fault(DriverFault.ChipFault, $"status 0x{_frame[0]:X2}: it has restarted by itself", "the supply");
        var (temperature, humidity) = Decode(_frame);
        return Now(Value(0, temperature), Value(1, humidity));
    }

    internal static (double Celsius, double Humidity) Decode(ReadOnlySpan<byte> frame)
    {
        var humidity = (frame[1] << 12) | (frame[2] << 4) | (frame[3] >> 4);
        var temperature = ((frame[3] & 0x0F) << 16) | (frame[4] << 8) | frame[5];
        return ((temperature * 200.0 / (1 << 20)) - 50, humidity * 100.0 / (1 << 20));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<byte> StatusAsync(CancellationToken cancellationToken)
    {
        await Chip.ReadAsync(_frame.AsMemory(0, 1), cancellationToken).ConfigureAwait(false);
        return _frame[0];
    }
}
