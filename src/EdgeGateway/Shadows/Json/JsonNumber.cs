namespace EdgeGateway.Shadows.Json;

/// <summary>
/// Compares JSON numbers by their written digits, exactly and without converting: 1 equals 1.0 and 10e-1, while 9007199254740993
/// and 9007199254740992 differ although they are the same double, and 1e999 is no infinity.
/// </summary>
internal static class JsonNumber
{
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.SequenceEqual(right))
            return true;
        var a = Decompose(left);
        var b = Decompose(right);
        if (a.Digits == 0 || b.Digits == 0)
            return a.Digits == b.Digits;
        if (a.Negative != b.Negative || a.Digits != b.Digits || !a.Exponent.SequenceEqual(b.Exponent))
            return false;
        var i = a.First;
        var j = b.First;
        for (var n = 0; n < a.Digits; n++, i++, j++)
        {
            if (left[i] == '.')
                i++;
            if (right[j] == '.')
                j++;
            if (left[i] != right[j])
                return false;
        }
        return true;
    }

    private static Parts Decompose(ReadOnlySpan<byte> number)
    {
        var negative = number[0] == '-';
        var mark = number.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = mark < 0 ? number : number[..mark];
        var point = mantissa.IndexOf((byte)'.');
        if (point < 0)
            point = mantissa.Length;
        var first = mantissa.IndexOfAnyInRange((byte)'1', (byte)'9');
        if (first < 0)
            return default;
        var last = mantissa.LastIndexOfAnyInRange((byte)'1', (byte)'9');
        var digits = last - first + 1 - (first < point && point < last ? 1 : 0);
        // Power of ten of the last digit that is not zero: with it equal numbers have equal digits and equal exponents.
        long scale = last < point ? point - last - 1 : point - last;
        return new(negative, first, digits, Exponent(mark < 0 ? default : number[(mark + 1)..], scale));
    }

    /// <summary>Sum of a written exponent of any length and the scale; exact for what fits 64 bits, and text beyond it.</summary>
    private static ReadOnlySpan<byte> Exponent(ReadOnlySpan<byte> written, long scale)
    {
        var negative = written is [(byte)'-', ..];
        var digits = written.TrimStart("+-"u8).TrimStart((byte)'0');
        if (digits.Length > 17)
            return written; // no document is long enough for a scale that would bring it back
        long value = 0;
        foreach (var digit in digits)
            value = value * 10 + (digit - '0');
        return BitConverter.GetBytes((negative ? -value : value) + scale);
    }

    private readonly ref struct Parts(bool negative, int first, int digits, ReadOnlySpan<byte> exponent)
    {
        public readonly bool Negative = negative;
        public readonly int First = first;
        public readonly int Digits = digits;
        public readonly ReadOnlySpan<byte> Exponent = exponent;
    }
}
