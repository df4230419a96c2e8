using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>HTU21D, Si7021 and SHT2x without holding the clock. Facts: TE HPC199_6, Silicon Labs Si7021-A20 rev 1.3 Table 11.</summary>
internal sealed class Htu21d : I2cSensor
{
    public const byte MeasureTemperature = 0xF3, MeasureHumidity = 0xF5, Reset = 0xFE, ReadUser = 0xE7;

    private static readonly ImmutableArray<int> Addresses = [0x40];
    private static readonly TimeSpan TemperatureTime = TimeSpan.FromMilliseconds(50), HumidityTime = TimeSpan.FromMilliseconds(23); // the slower of the family

    private readonly bool _compensated;
    private readonly byte[] _frame = new byte[3];

    public Htu21d(DriverContext context)
        : base(context) => _compensated = context.Options.Boolean("compensate");

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "htu21d",
        Chip = "HTU21D",
        Description = "Temperature and humidity (HTU21D, Si7021, SHT21)",
        Kind = DriverKind.Sensor,
        Bus = BusKind.I2c,
        Addresses = Addresses,
        Readings =
        [
            new("temperature", Unit.Celsius, -40, 125, "Air temperature"),
            new("humidity", Unit.RelativeHumidity, 0, 100, "Relative humidity"),
        ],
        Options =
        [
            WiringOptions.I2cBus,
            WiringOptions.Address(Addresses),
            DriverOption.Boolean("compensate", false, "correct the humidity by -0.15 %RH for each °C below 25, as the HTU21D's datasheet says; not for the Si7021"),
        ],
        Datasheet = "TE HTU21D HPC199_6, Silicon Labs Si7021-A20 rev 1.3",
        Wiring = "3.3 V, GND, SDA, SCL. One on a bus: the address is fixed.",
        Accuracy = "±0.3 °C, ±2 %RH (HTU21D); ±0.4 °C, ±3 %RH (Si7021).",
        Notes = ["Shares 0x40 with INA219 and PCA9685: use a TCA9548A for two of them."],
        Factory = context => new Htu21d(context),
    };

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        await SendAsync(Reset, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(15), cancellationToken).ConfigureAwait(false);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var temperature = Celsius(await WordAsync(MeasureTemperature, TemperatureTime, isHumidity: false, cancellationToken).ConfigureAwait(false));
        var humidity = Humidity(await WordAsync(MeasureHumidity, HumidityTime, isHumidity: true, cancellationToken).ConfigureAwait(false));
        if (_compensated)
            humidity += (25 - temperature) * -0.15;
        return Now(Value(0, temperature), Value(1, Math.Clamp(humidity, 0, 100)));
    }

    internal static double Celsius(ushort word) => -46.85 + (175.72 * (word & ~0b11) / 65536);

    internal static double Humidity(ushort word) => -6 + (125.0 * (word & ~0b11) / 65536);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ushort> WordAsync(byte command, TimeSpan time, bool isHumidity, CancellationToken cancellationToken)
    {
        await SendAsync(command, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(time, cancellationToken).ConfigureAwait(false);
        await Chip.ReadAsync(_frame, cancellationToken).ConfigureAwait(false);
        RejectEmpty(_frame);
        var crc = Crc8.Htu(_frame.AsSpan(0, 2));
        if (crc != _frame[2])
            throw Fault(DriverFault.Checksum, $"{_frame[0]:X2} {_frame[1]:X2} with checksum {_frame[2]:X2} instead of {crc:X2}", "the cable and the bus speed");
        if (_frame[0] == 0 && _frame[1] == 0)
            throw Fault(DriverFault.Garbage, "a word of zeros, whose checksum is zero too", "the chip's supply");
        var word = BinaryPrimitives.ReadUInt16BigEndian(_frame);
        // The HTU21D says in bit 1 which value it is; the Si7021 leaves it zero.
        return !isHumidity && (word & 0b10) != 0
            ? throw Fault(DriverFault.Garbage, $"0x{word:X4}: humidity instead of temperature", "whether another program uses the chip")
            : word;
    }
}
