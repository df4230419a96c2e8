using System.Buffers;

namespace EdgeGateway.Shadows.Json;

/// <summary>
/// The times of a document's leaves in the order in which they are written, apart from the state: the state is then plain JSON that can be
/// sent as it lies, and a time costs one to five bytes. Form: LEB128 numbers, the earliest time and then each leaf's distance from it.
/// </summary>
internal ref struct LeafTimes
{
    private readonly long _earliest;
    private ReadOnlySpan<byte> _rest;

    public LeafTimes(ReadOnlySpan<byte> encoded)
    {
        _rest = encoded;
        _earliest = encoded.IsEmpty ? 0 : Take();
    }

    public static byte[] Encode(ShadowObject? desired, ShadowObject? reported)
    {
        var times = new List<long>();
        Collect(desired, times);
        Collect(reported, times);
        if (times.Count == 0)
            return [];
        var earliest = times.Min();
        var encoded = new ArrayBufferWriter<byte>(6 + 2 * times.Count);
        Append(encoded, earliest);
        foreach (var time in times)
            Append(encoded, time - earliest);
        return encoded.WrittenSpan.ToArray();
    }

    /// <summary>The next leaf's time, Unix time in milliseconds.</summary>
    /// <exception cref="InvalidDataException">There are fewer times than leaves: the stored document is damaged.</exception>
    public long Next() => _earliest + Take();

    private long Take()
    {
        long value = 0;
        for (var i = 0; i < _rest.Length && i < 9; i++)
        {
            value |= (long)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }
        throw new InvalidDataException("a shadow's times end before its leaves");
    }

    private static void Append(ArrayBufferWriter<byte> to, long value)
    {
        while (value >= 0x80)
        {
            to.Put((byte)(value | 0x80));
            value >>= 7;
        }
        to.Put((byte)value);
    }

    private static void Collect(ShadowNode? node, List<long> times)
    {
        switch (node)
        {
            case ShadowObject inner:
                foreach (var member in inner.Members)
                    Collect(member.Value, times);
                break;
            case ShadowArray array:
                times.Add(array.Time);
                break;
            case ShadowScalar scalar:
                times.Add(scalar.Time);
                break;
        }
    }
}
