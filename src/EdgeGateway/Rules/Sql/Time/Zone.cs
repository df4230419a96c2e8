using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>A time zone: its offset from UTC and short name at any moment, from TZif data (RFC 8536).</summary>
internal sealed class Zone
{
    private readonly long[] _transitions;
    private readonly byte[] _typeOf;
    private readonly (int OffsetSeconds, string Name)[] _types;
    private readonly PosixZoneRule? _after;

    private Zone(string id, long[] transitions, byte[] typeOf, (int, string)[] types, PosixZoneRule? after) =>
        (Id, _transitions, _typeOf, _types, _after) = (id, transitions, typeOf, types, after);

    public string Id { get; }

    public static Zone Fixed(string id, int offsetSeconds) => new(id, [], [], [(offsetSeconds, OffsetText(offsetSeconds, colon: true))], null);

    /// <param name="data">The 64-bit part, from its header on.</param>
    public static Zone Parse(string id, ReadOnlySpan<byte> data)
    {
        var counts = new int[6]; // isutc, isstd, leap, times, types, characters
        for (var i = 0; i < counts.Length; i++)
            counts[i] = BinaryPrimitives.ReadInt32BigEndian(data[(20 + i * 4)..]);
        var (leap, times, typeCount, characters) = (counts[2], counts[3], counts[4], counts[5]);
        var body = data[44..];
        var transitions = new long[times];
        for (var i = 0; i < times; i++)
            transitions[i] = BinaryPrimitives.ReadInt64BigEndian(body[(i * 8)..]);
        body = body[(times * 8)..];
        var typeOf = body[..times].ToArray();
        var typeBytes = body.Slice(times, typeCount * 6);
        var names = body.Slice(times + typeCount * 6, characters);
        var types = new (int, string)[typeCount];
        for (var i = 0; i < typeCount; i++)
        {
            var name = names[typeBytes[i * 6 + 5]..];
            types[i] = (BinaryPrimitives.ReadInt32BigEndian(typeBytes[(i * 6)..]), Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]));
        }
        var footer = body[(times + typeCount * 6 + characters + leap * 12 + counts[1] + counts[0])..];
        return new Zone(id, transitions, typeOf, types, PosixZoneRule.Parse(Encoding.ASCII.GetString(footer).Trim('\n')));
    }

    public (int OffsetSeconds, string Name) At(long utcSeconds)
    {
        if (_transitions.Length == 0 || utcSeconds >= _transitions[^1])
            return _after?.At(utcSeconds) ?? (_transitions.Length == 0 ? _types[0] : _types[_typeOf[^1]]);
        var at = Array.BinarySearch(_transitions, utcSeconds);
        if (at < 0)
            at = ~at - 1;
        return at < 0 ? _types[0] : _types[_typeOf[at]];
    }

    /// <summary>UTC of a local time; of two the earlier, and one in a gap moves on by the gap's length, as Java has it.</summary>
    public long ToUtc(long localSeconds)
    {
        const long day = 86400;
        var before = At(localSeconds - day).OffsetSeconds;
        if (At(localSeconds - before).OffsetSeconds == before)
            return localSeconds - before;
        var after = At(localSeconds + day).OffsetSeconds;
        return At(localSeconds - after).OffsetSeconds == after ? localSeconds - after : localSeconds - before;
    }

    public static string OffsetText(int seconds, bool colon)
    {
        var minutes = Math.Abs(seconds) / 60;
        return string.Create(CultureInfo.InvariantCulture, $"{(seconds < 0 ? '-' : '+')}{minutes / 60:00}{(colon ? ":" : "")}{minutes % 60:00}");
    }
}
