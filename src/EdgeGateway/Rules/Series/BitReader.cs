namespace EdgeGateway.Rules.Series;

/// <summary>What <see cref="BitWriter"/> wrote.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes)
{
    internal static readonly int[] Widths = [0, 3, 5, 7, 9, 12, 20, 32, 64];
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <exception cref="InvalidDataException">There are no more.</exception>
    public ulong Read(int bits)
    {
        if (_position + bits > _bytes.Length * 8)
            throw new InvalidDataException("a chunk of a series ends too early");
        var value = 0UL;
        while (bits > 0)
        {
            var free = 8 - (_position & 7);
            var take = Math.Min(bits, free);
            value = (value << take) | (((uint)_bytes[_position >> 3] >> (free - take)) & ((1UL << take) - 1));
            _position += take;
            bits -= take;
        }
        return value;
    }

    public long ReadSigned()
    {
        var i = 0;
        while (i < Widths.Length - 1 && Read(1) == 1)
            i++;
        var folded = Read(Widths[i]);
        return (long)(folded >> 1) ^ -(long)(folded & 1);
    }
}
