namespace EdgeGateway.Rules.Series;

/// <summary>Bits into bytes, the highest first.</summary>
internal sealed class BitWriter
{
    private readonly List<byte> _bytes = [];
    private int _free;

    public void Write(ulong value, int bits)
    {
        for (var left = bits; left > 0;)
        {
            if (_free == 0)
            {
                _bytes.Add(0);
                _free = 8;
            }
            var take = Math.Min(left, _free);
            var part = (value >> (left - take)) & ((1UL << take) - 1);
            _bytes[^1] |= (byte)(part << (_free - take));
            _free -= take;
            left -= take;
        }
    }

    /// <summary>A whole number, short where it is near 0: classes of 0, 3, 5, 7, 9, 12, 20, 32 and 64 bits behind a unary prefix.</summary>
    public void WriteSigned(long value)
    {
        var folded = (ulong)((value << 1) ^ (value >> 63));
        for (var i = 0; i < BitReader.Widths.Length; i++)
        {
            var width = BitReader.Widths[i];
            if (width < 64 && folded >= 1UL << width)
                continue;
            var isLast = i == BitReader.Widths.Length - 1;
            Write(isLast ? (1UL << i) - 1 : ((1UL << i) - 1) << 1, isLast ? i : i + 1);
            Write(folded, width);
            return;
        }
    }

    public byte[] ToArray() => [.. _bytes];
}
