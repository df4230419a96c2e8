using System.Text;

namespace EdgeGateway.Identity.Policies;

/// <summary>One pattern against topics in UTF-8, made once per connection and asked per packet.</summary>
/// <remarks>
/// Hot path: 0 bytes allocated. Without <c>?</c> the pattern is the pieces between its <c>*</c>: a prefix, a suffix, and middles found leftmost first,
/// each by the runtime's vectorised search. With <c>?</c> it is matched element by element, going back to the last <c>*</c>.
/// </remarks>
internal sealed class TopicGlob
{
    private const ushort AnyRun = 256;
    private const ushort AnyOne = 257;

    private readonly byte[][]? _pieces;
    private readonly ushort[]? _codes;

    private TopicGlob(byte[][]? pieces, ushort[]? codes)
    {
        _pieces = pieces;
        _codes = codes;
        MatchesAll = pieces is [[], []];
    }

    public bool MatchesAll { get; }

    public static TopicGlob From(ReadOnlySpan<int> elements) =>
        elements.Contains(BoundPattern.AnyOne) ? new(null, Codes(elements)) : new(Pieces(elements), null);

    public bool Matches(ReadOnlySpan<byte> topic) => _pieces is null ? MatchesCodes(_codes, topic) : MatchesPieces(_pieces, topic);

    private static bool MatchesPieces(byte[][] pieces, ReadOnlySpan<byte> topic)
    {
        if (pieces.Length == 1)
            return topic.SequenceEqual(pieces[0]);
        if (!topic.StartsWith(pieces[0]))
            return false;
        topic = topic[pieces[0].Length..];
        if (!topic.EndsWith(pieces[^1]))
            return false;
        topic = topic[..^pieces[^1].Length];
        for (var n = 1; n < pieces.Length - 1; n++)
        {
            var at = topic.IndexOf(pieces[n]);
            if (at < 0)
                return false;
            topic = topic[(at + pieces[n].Length)..];
        }
        return true;
    }

    private static bool MatchesCodes(ReadOnlySpan<ushort> codes, ReadOnlySpan<byte> topic)
    {
        int code = 0, at = 0, starCode = -1, starAt = 0;
        while (at < topic.Length || code < codes.Length)
        {
            if (code < codes.Length && codes[code] == AnyRun)
            {
                starCode = ++code;
                starAt = at;
            }
            else if (code < codes.Length && at < topic.Length && Step(codes[code], topic, ref at))
            {
                code++;
            }
            else if (starCode >= 0 && starAt < topic.Length)
            {
                at = ++starAt;
                code = starCode;
            }
            else
            {
                return false;
            }
        }
        return true;
    }

    private static bool Step(ushort code, ReadOnlySpan<byte> topic, ref int at)
    {
        if (code != AnyOne)
        {
            if (topic[at] != code)
                return false;
            at++;
            return true;
        }
        if (IsContinuation(topic[at]))
            return false;                                            // a * ended inside a character
        do
            at++;
        while (at < topic.Length && IsContinuation(topic[at]));
        return true;
    }

    private static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;

    private static byte[][] Pieces(ReadOnlySpan<int> elements)
    {
        var pieces = new List<byte[]>();
        var piece = new List<byte>();
        foreach (var element in elements)
        {
            if (element != BoundPattern.AnyRun)
            {
                AddUtf8(piece, element);
                continue;
            }
            pieces.Add([.. piece]);
            piece.Clear();
        }
        pieces.Add([.. piece]);
        return [pieces[0], .. pieces.Skip(1).SkipLast(1).Where(middle => middle.Length > 0), .. pieces.Skip(1).TakeLast(1)];
    }

    private static ushort[] Codes(ReadOnlySpan<int> elements)
    {
        var codes = new List<ushort>();
        var utf8 = new List<byte>();
        foreach (var element in elements)
        {
            if (element < 0)
            {
                codes.Add(element == BoundPattern.AnyRun ? AnyRun : AnyOne);
                continue;
            }
            utf8.Clear();
            AddUtf8(utf8, element);
            codes.AddRange(utf8.Select(value => (ushort)value));
        }
        return [.. codes];
    }

    private static void AddUtf8(List<byte> bytes, int scalar)
    {
        Span<byte> utf8 = stackalloc byte[4];
        bytes.AddRange(utf8[..new Rune(scalar).EncodeToUtf8(utf8)]);
    }
}
