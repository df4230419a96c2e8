using System.Collections.Immutable;
using System.Device.Spi;
using System.Runtime.InteropServices;

namespace EdgeGateway.Drivers;

/// <summary>MCP3008 and MCP3208. Facts: Microchip DS21295D §5 and §6.1, DS21298E §5.</summary>
internal sealed class Mcp3008 : SpiSensor
{
    /// <summary>Input names and their control bits SGL D2 D1 D0 (Table 5-2), in the metadata's order.</summary>
    public static readonly ImmutableArray<(string Name, int Code)> Inputs =
    [
        ("0", 8), ("1", 9), ("2", 10), ("3", 11), ("4", 12), ("5", 13), ("6", 14), ("7", 15),
        ("0-1", 0), ("1-0", 1), ("2-3", 2), ("3-2", 3), ("4-5", 4), ("5-4", 5), ("6-7", 6), ("7-6", 7),
    ];

    private const int SingleEnded = 8;

    private readonly int[] _inputs;
    private readonly int _bits;
    private readonly double _reference;
    private readonly byte[] _output = new byte[3];
    private readonly byte[] _input = new byte[3];

    public Mcp3008(DriverContext context, int bits)
        : base(context)
    {
        _bits = bits;
        _inputs = [.. context.Options.List("inputs").Select(name => Inputs.Select(input => input.Name).ToList().IndexOf(name))];
        _reference = context.Options.Number("vref");
    }

    protected override SpiParameters Parameters => new(SpiMode.Mode0, 1_000_000); // 1.35 MHz at 2.7 V is the limit

    private int Highest => (1 << _bits) - 1;

    /// <summary>The three bytes that ask for one conversion: the answer ends with the last bit.</summary>
    internal static void Encode(int code, int bits, Span<byte> frame)
    {
        // Start bit, then the four control bits, as far left as lets the answer end flush right (Figure 6-1).
        var word = (0b1_0000 | code) << (bits + 2);
        frame[0] = (byte)(word >> 16);
        frame[1] = (byte)(word >> 8);
        frame[2] = (byte)word;
    }

    /// <returns>Null where the null bit before the answer is not 0.</returns>
    internal static int? Decode(ReadOnlySpan<byte> frame, int bits)
    {
        var word = (frame[1] << 8) | frame[2];
        return (word & (1 << bits)) == 0 ? word & ((1 << bits) - 1) : null;
    }

    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var values = new ReadingValue[_inputs.Length];
        var sum = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var input = _inputs[i];
            var code = await ConvertAsync(Inputs[input].Code, cancellationToken).ConfigureAwait(false);
            sum += code;
            var quality = code == Highest ? ReadingQuality.Saturated : ReadingQuality.Good;
            values[i] = Value(input, code * _reference / (Highest + 1), quality);
        }

        if (sum == 0)
            await RejectDeadAsync(cancellationToken).ConfigureAwait(false);
        return Now(ImmutableCollectionsMarshal.AsImmutableArray(values));
    }

    private async ValueTask<int> ConvertAsync(int code, CancellationToken cancellationToken)
    {
        Encode(code, _bits, _output);
        await Chip.TransferAsync(_output, _input, cancellationToken).ConfigureAwait(false);
        return Decode(_input, _bits) ?? throw Fault(DriverFault.Garbage, $"{Convert.ToHexString(_input)}: the null bit is not 0",
            "that the chip has supply, and MISO, MOSI and CS are connected: a line that floats reads as ones");
    }

    // Inputs nothing is wired to hold some charge: zero on all eight is a line held low.
    private async ValueTask RejectDeadAsync(CancellationToken cancellationToken)
    {
        for (var channel = 0; channel < 8; channel++)
            if (await ConvertAsync(SingleEnded + channel, cancellationToken).ConfigureAwait(false) != 0)
                return;
        throw Fault(DriverFault.Garbage, "all bits 0 on all eight inputs", "that the data line MISO is not held low, and the chip's supply and VREF");
    }
}
