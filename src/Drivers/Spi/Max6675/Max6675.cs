using System.Buffers.Binary;
using System.Device.Spi;

namespace EdgeGateway.Drivers;

/// <summary>MAX6675: type K thermocouple, 0 to 1024 °C. Facts: Maxim 19-2235 rev 2, Figure 2 and "Serial Interface".</summary>
internal sealed class Max6675 : SpiSensor
{
    private const ushort AlwaysZero = 0x8002, OpenBit = 0x0004;

    private static readonly TimeSpan ConversionTime = TimeSpan.FromMilliseconds(220);

    private readonly byte[] _output = new byte[2];
    private readonly byte[] _input = new byte[2];
    private long? _selectedAt;

    public Max6675(DriverContext context)
        : base(context)
    {
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "max6675",
        Chip = "MAX6675",
        Description = "Type K thermocouple, 0 to 1024 °C",
        Kind = DriverKind.Sensor,
        Bus = BusKind.Spi,
        Readings = [new("temperature", Unit.Celsius, 0, 1024, "Temperature of the thermocouple")],
        Options = [WiringOptions.SpiPort],
        Datasheet = "Maxim 19-2235 rev 2",
        Wiring = "VCC 3.3 V, SO to MISO (GPIO9), SCK to SCLK (GPIO11), CS to CE0 or CE1; T- must be grounded at the chip.",
        Accuracy = "±3 °C up to 700 °C; steps of 0.25 °C.",
        Notes =
        [
            "Selecting the chip stops its conversion: the driver leaves it alone for 0.24 s, else the old value would come for ever.",
            "No temperatures below 0 °C; exactly 0.00 °C is taken for a dead line.",
        ],
        ShortestInterval = TimeSpan.FromMilliseconds(500),
        Factory = context => new Max6675(context),
    };

    protected override SpiParameters Parameters => new(SpiMode.Mode0, 1_000_000);

    internal static double Celsius(ushort word) => ((word >> 3) & 0xFFF) * 0.25;

    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        if (_selectedAt is { } before)
        {
            var left = (ConversionTime * 1.1) - Time.GetElapsedTime(before);
            await Chip.WaitAsync(left / 1.1, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await Chip.WaitAsync(ConversionTime, cancellationToken).ConfigureAwait(false); // nobody knows who selected it last
        }

        await Chip.TransferAsync(_output, _input, cancellationToken).ConfigureAwait(false);
        _selectedAt = Time.GetTimestamp();
        RejectEmpty(_input);
        var word = BinaryPrimitives.ReadUInt16BigEndian(_input);
        if ((word & AlwaysZero) != 0)
            throw Fault(DriverFault.Garbage, $"0x{word:X4}: bits that are always 0 are 1", "wiring, and what is wired at this chip select");
        if ((word & OpenBit) != 0)
            throw Fault(DriverFault.ChipFault, "the thermocouple is open", "its wires, and that T- is grounded at the chip");
        return Now(Value(0, Celsius(word), (word & 0x7FF8) == 0x7FF8 ? ReadingQuality.Saturated : ReadingQuality.Good));
    }
}
