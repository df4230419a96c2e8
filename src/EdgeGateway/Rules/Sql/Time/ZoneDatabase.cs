using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>The tz database that comes with the program (zones.bin; make-zones.py writes it): the same answers on every image.</summary>
internal static class ZoneDatabase
{
    private static readonly Lazy<Dictionary<string, ReadOnlyMemory<byte>>> Index = new(Load);
    private static readonly ConcurrentDictionary<string, Zone> Parsed = new(StringComparer.Ordinal);

    public static Zone Utc { get; } = Zone.Fixed("UTC", 0);

    /// <summary>A zone by id (`Europe/Berlin`), `UTC`, `GMT`, `Z`, or an offset with or without such a prefix (`UTC+01:00`, `+0530`).</summary>
    public static Zone? Find(string id)
    {
        if (id is "Z" or "UT")
            return Zone.Fixed(id, 0);
        if (Parsed.TryGetValue(id, out var zone))
            return zone;
        if (Index.Value.TryGetValue(id, out var data))
            return Parsed[id] = Zone.Parse(id, data.Span);
        foreach (var prefix in (ReadOnlySpan<string>)["UTC", "GMT", "UT", ""])
        {
            if (id.StartsWith(prefix, StringComparison.Ordinal) && ParseOffset(id.AsSpan(prefix.Length)) is { } seconds)
                return Zone.Fixed(id, seconds);
        }
        return null;
    }

    /// <summary>The longest id or offset a text begins with; the length taken.</summary>
    public static (Zone Zone, int Length)? FindAtStart(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && end < 64 && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '/' or '_' or '-' or '+' or ':'))
            end++;
        for (; end > 0; end--)
        {
            if (Find(text[..end].ToString()) is { } zone)
                return (zone, end);
        }
        return null;
    }

    /// <summary>±h, ±hh, ±hhmm, ±hh:mm, ±hhmmss or ±hh:mm:ss in seconds; at most 18 hours.</summary>
    public static int? ParseOffset(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] is not ('+' or '-'))
            return null;
        Span<char> digits = stackalloc char[6];
        var count = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == ':' && i is 3 or 6 && i + 1 < text.Length)
                continue;
            if (!char.IsAsciiDigit(text[i]) || count == digits.Length)
                return null;
            digits[count++] = text[i];
        }
        if (count is 3 or 5)
            return null;
        var hours = count == 1 ? digits[0] - '0' : Two(digits, 0, count);
        var seconds = hours * 3600 + Two(digits, 2, count) * 60 + Two(digits, 4, count);
        if (seconds > 18 * 3600 || Two(digits, 2, count) > 59 || Two(digits, 4, count) > 59)
            return null;
        return text[0] == '-' ? -seconds : seconds;
    }

    private static int Two(ReadOnlySpan<char> digits, int at, int count) => at + 1 < count ? (digits[at] - '0') * 10 + (digits[at + 1] - '0') : 0;

    private static Dictionary<string, ReadOnlyMemory<byte>> Load()
    {
        using var resource = typeof(ZoneDatabase).Assembly.GetManifestResourceStream("zones.bin")
            ?? throw new InvalidOperationException("zones.bin is not part of the program");
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(resource, CompressionMode.Decompress))
            gzip.CopyTo(unpacked);
        ReadOnlyMemory<byte> rest = unpacked.ToArray();
        var index = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        while (!rest.IsEmpty)
        {
            var names = new string[BinaryPrimitives.ReadUInt16BigEndian(rest.Span)];
            rest = rest[2..];
            for (var i = 0; i < names.Length; i++)
            {
                names[i] = Encoding.ASCII.GetString(rest.Span.Slice(1, rest.Span[0]));
                rest = rest[(1 + names[i].Length)..];
            }
            var length = BinaryPrimitives.ReadInt32BigEndian(rest.Span);
            foreach (var name in names)
                index[name] = rest.Slice(4, length);
            rest = rest[(4 + length)..];
        }
        return index;
    }
}
