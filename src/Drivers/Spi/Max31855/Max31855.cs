using System.Buffers.Binary;
using System.Device.Spi;

namespace EdgeGateway.Drivers;

/// <summary>MAX31855: thermocouple with cold-junction compensation. Facts: Maxim 19-5793 rev 5, Tables 2 to 6.</summary>
internal sealed class Max31855 : SpiSensor
{
    private const uint Reserved = (1u << 17) | (1u << 3), FaultBit = 1u << 16, ShortToSupply = 4, ShortToGround = 2, Open = 1;

    private readonly bool _linearise;
    private readonly byte[] _output = new byte[4];
    private readonly byte[] _input = new byte[4];

    public Max31855(DriverContext context)
        : base(context) => _linearise = context.Options.Text("linearization") == "nist-k";

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "max31855",
        Chip = "MAX31855",
        Description = "Thermocouple, -200 to 1372 °C",
        Kind = DriverKind.Sensor,
        Bus = BusKind.Spi,
        Readings =
        [
            new("temperature", Unit.Celsius, -270, 1800, "Temperature of the thermocouple"),
            new("junction", Unit.Celsius, -40, 125, "Temperature of the chip, the cold junction"),
        ],
        Options =
        [
            WiringOptions.SpiPort,
            DriverOption.Choice("linearization", "nist-k", ["nist-k", "chip"], "nist-k: by the ITS-90 curve of type K; chip: the chip's straight line, for its J, N, T, S, R and E variants"),
        ],
        Datasheet = "Maxim 19-5793 rev 5",
        Wiring = "VCC 3.3 V, SO to MISO (GPIO9), SCK to SCLK (GPIO11), CS to CE0 or CE1; T+ and T- to the thermocouple, which must not touch ground.",
        Accuracy = "±2 °C from -200 to 700 °C and ±2 °C of the cold junction, for type K.",
        Notes =
        [
            "The chip takes type K for a straight line of 41.276 µV/°C, wrong by 20 °C and more below 0 °C and above 500 °C: leave nist-k on.",
            "A grounded thermocouple reads as a short to ground.",
            "10 nF between T+ and T- close to the chip stops it from seeing mains hum.",
        ],
        ShortestInterval = TimeSpan.FromMilliseconds(200),
        Factory = context => new Max31855(context),
    };

    protected override SpiParameters Parameters => new(SpiMode.Mode0, 1_000_000);

    internal static double Thermocouple(uint word) => ((int)word >> 18) * 0.25;

    internal static double Junction(uint word) => ((int)(word << 16) >> 20) * 0.0625;

    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        await Chip.TransferAsync(_output, _input, cancellationToken).ConfigureAwait(false);
        RejectEmpty(_input);
        var word = BinaryPrimitives.ReadUInt32BigEndian(_input);
        if ((word & Reserved) != 0)
            throw Fault(DriverFault.Garbage, $"0x{word:X8}: bits that are always 0 are 1", "wiring and clock, and what is wired at this chip select");
        if ((word & FaultBit) != 0 || (word & 7) != 0)
            throw ChipFault(word);
        var junction = Junction(word);
        var celsius = Thermocouple(word);
        return Now(Value(0, _linearise ? TypeK.Correct(celsius, junction) : celsius), Value(1, junction));
    }

    private SensorReadException ChipFault(uint word) => (word & 7) switch
    {
        Open => Fault(DriverFault.ChipFault, "the thermocouple is open", "its wires and screws"),
        ShortToGround => Fault(DriverFault.ChipFault, "the thermocouple is shorted to ground", "that its tip and wires touch no metal"),
        ShortToSupply => Fault(DriverFault.ChipFault, "the thermocouple is shorted to the supply", "its wires"),
        var bits => Fault(DriverFault.ChipFault, $"several faults at once (bits {bits:b3})", "the thermocouple's wires, and the chip's supply"),
    };
}
