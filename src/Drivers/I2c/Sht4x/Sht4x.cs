using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>SHT40, SHT41, SHT45. Facts: Sensirion SHT4x v6, Tables 4 and 8, §4.6.</summary>
internal sealed class Sht4x : I2cSensor
{
    public const byte Serial = 0x89, Reset = 0x94;

    private static readonly ImmutableArray<int> Addresses = [0x44, 0x45, 0x46];

    private readonly byte _measure;
    private readonly TimeSpan _measurementTime;
    private readonly byte[] _frame = new byte[6];

    public Sht4x(DriverContext context)
        : base(context) =>
        (_measure, _measurementTime) = context.Options.Text("precision") switch
        {
            "low" => ((byte)0xE0, TimeSpan.FromMilliseconds(1.7)),
            "medium" => ((byte)0xF6, TimeSpan.FromMilliseconds(4.5)),
            _ => ((byte)0xFD, TimeSpan.FromMilliseconds(8.3)),
        };

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "sht4x",
        Chip = "SHT4x",
        Description = "Temperature and humidity (SHT40, SHT41, SHT45)",
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
            DriverOption.Choice("precision", "high", ["high", "medium", "low"], "less noise against a longer measurement: 8.3, 4.5 or 1.7 ms"),
        ],
        Datasheet = "Sensirion SHT4x v6",
        Wiring = "3.3 V, GND, SDA, SCL. The address is fixed by the part: -A 0x44, -B 0x45, -C 0x46.",
        Accuracy = "±0.2 °C, ±1.8 %RH (SHT40).",
        Notes = ["Shares 0x44 with the SHT3x, whose frame looks the same and means another humidity."],
        Factory = context => new Sht4x(context),
    };

    protected override async ValueTask ConfigureAsync(CancellationToken cancellationToken)
    {
        await SendAsync(Reset, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(1), cancellationToken).ConfigureAwait(false);
        await SendAsync(Serial, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(TimeSpan.FromMilliseconds(1), cancellationToken).ConfigureAwait(false);
        await Chip.ReadAsync(_frame, cancellationToken).ConfigureAwait(false);
        RejectEmpty(_frame);
        SensirionWord.Read(_frame, Device, "serial number"); // an SHT3x does not take a command of one byte
        SensirionWord.Read(_frame.AsSpan(3), Device, "serial number");
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        await SendAsync(_measure, cancellationToken).ConfigureAwait(false);
        await Chip.WaitAsync(_measurementTime, cancellationToken).ConfigureAwait(false);
        await Chip.ReadAsync(_frame, cancellationToken).ConfigureAwait(false);
        RejectEmpty(_frame);
        var (temperature, humidity) = Convert(SensirionWord.Read(_frame, Device, "temperature"), SensirionWord.Read(_frame.AsSpan(3), Device, "humidity"));
        return Now(Value(0, temperature), Value(1, humidity));
    }

    internal static (double Celsius, double Humidity) Convert(ushort temperature, ushort humidity) =>
        (-45 + (175.0 * temperature / 65535), Math.Clamp(-6 + (125.0 * humidity / 65535), 0, 100)); // limited as §4.6 says
}
