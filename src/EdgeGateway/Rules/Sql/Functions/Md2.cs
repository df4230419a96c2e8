namespace EdgeGateway.Rules.Sql;

/// <summary>The MD2 digest (RFC 1319), which .NET does not have. For `md2()` only.</summary>
internal static class Md2
{
    private const int BlockBytes = 16;

    // RFC 1319 §3.2: a permutation of 0..255 from the digits of pi, as the shuffle that makes it.
    private static readonly byte[] Pi = MakePi();

    public static byte[] HashData(ReadOnlySpan<byte> data)
    {
        var padding = BlockBytes - data.Length % BlockBytes;
        var padded = new byte[data.Length + padding];
        data.CopyTo(padded);
        padded.AsSpan(data.Length).Fill((byte)padding);

        var state = new byte[3 * BlockBytes];
        var checksum = new byte[BlockBytes];
        for (var at = 0; at < padded.Length; at += BlockBytes)
        {
            var block = padded.AsSpan(at, BlockBytes);
            var last = checksum[^1];
            for (var i = 0; i < BlockBytes; i++)
                last = checksum[i] ^= Pi[block[i] ^ last];
            Absorb(state, block);
        }
        Absorb(state, checksum);
        return state[..BlockBytes];
    }

    private static void Absorb(byte[] state, ReadOnlySpan<byte> block)
    {
        for (var i = 0; i < BlockBytes; i++)
        {
            state[BlockBytes + i] = block[i];
            state[2 * BlockBytes + i] = (byte)(block[i] ^ state[i]);
        }
        var t = 0;
        for (var round = 0; round < 18; round++)
        {
            for (var i = 0; i < state.Length; i++)
                t = state[i] ^= Pi[t];
            t = (t + round) & 0xFF;
        }
    }

    // The table is a Fisher–Yates shuffle driven by the decimal digits of pi, computed here by a spigot.
    private static byte[] MakePi()
    {
        var table = new byte[256];
        for (var i = 0; i < 256; i++)
            table[i] = (byte)i;
        var digits = PiDigits(1200).GetEnumerator();
        for (var i = 2; i <= 256; i++)
        {
            var j = Draw(digits, i);
            (table[j], table[i - 1]) = (table[i - 1], table[j]);
        }
        return table;
    }

    // A number below n from as many digits as n needs, refused where it would be uneven.
    private static int Draw(IEnumerator<int> digits, int n)
    {
        while (true)
        {
            var (value, range) = (Next(digits), 10);
            if (n > 10)
                (value, range) = (value * 10 + Next(digits), 100);
            if (n > 100)
                (value, range) = (value * 10 + Next(digits), 1000);
            var fair = n * (range / n);
            if (value < fair)
                return value % n;
        }
    }

    private static int Next(IEnumerator<int> digits) => digits.MoveNext() ? digits.Current : throw new InvalidOperationException("pi ran out of digits");

    private static IEnumerable<int> PiDigits(int count)
    {
        // Machin: pi = 16 atan(1/5) - 4 atan(1/239), with guard digits.
        var one = System.Numerics.BigInteger.Pow(10, count + 20);
        var pi = 16 * ArcTangentOfInverse(5, one) - 4 * ArcTangentOfInverse(239, one);
        return pi.ToString(System.Globalization.CultureInfo.InvariantCulture).Take(count).Select(digit => digit - '0');
    }

    private static System.Numerics.BigInteger ArcTangentOfInverse(int x, System.Numerics.BigInteger one)
    {
        var power = one / x;
        var sum = power;
        for (var n = 3; !power.IsZero; n += 2)
        {
            power /= -(x * x);
            sum += power / n;
        }
        return sum;
    }
}
