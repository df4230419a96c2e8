using System.Buffers.Binary;
using System.Numerics;

namespace EdgeGateway.Rules.Sql;

/// <summary>SHA-224 (FIPS 180-4 §6.3), which .NET does not have: SHA-256 from other start values, cut to 28 bytes. For `sha224()` only.</summary>
internal static class Sha224
{
    private const int BlockBytes = 64;

    // FIPS 180-4 §4.2.2: fractional parts of the cube roots of the first 64 primes.
    private static readonly uint[] K = MakeConstants();

    public static byte[] HashData(ReadOnlySpan<byte> data)
    {
        var padded = new byte[(data.Length + 8) / BlockBytes * BlockBytes + BlockBytes];
        data.CopyTo(padded);
        padded[data.Length] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(padded.AsSpan(padded.Length - 8), data.Length * 8L);

        // FIPS 180-4 §5.3.2
        uint[] state = [0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4];
        for (var at = 0; at < padded.Length; at += BlockBytes)
            Absorb(state, padded.AsSpan(at, BlockBytes));

        var digest = new byte[28];
        for (var i = 0; i < 7; i++)
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(i * 4), state[i]);
        return digest;
    }

    private static void Absorb(uint[] state, ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[64];
        for (var i = 0; i < 16; i++)
            w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * 4)..]);
        for (var i = 16; i < 64; i++)
        {
            var s0 = BitOperations.RotateRight(w[i - 15], 7) ^ BitOperations.RotateRight(w[i - 15], 18) ^ (w[i - 15] >> 3);
            var s1 = BitOperations.RotateRight(w[i - 2], 17) ^ BitOperations.RotateRight(w[i - 2], 19) ^ (w[i - 2] >> 10);
            w[i] = w[i - 16] + s0 + w[i - 7] + s1;
        }
        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var i = 0; i < 64; i++)
        {
            var s1 = BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25);
            var t1 = h + s1 + ((e & f) ^ (~e & g)) + K[i] + w[i];
            var s0 = BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22);
            var t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
        }
        ReadOnlySpan<uint> added = [a, b, c, d, e, f, g, h];
        for (var i = 0; i < 8; i++)
            state[i] += added[i];
    }

    private static uint[] MakeConstants()
    {
        var constants = new uint[64];
        var prime = 2;
        for (var i = 0; i < constants.Length; prime++)
        {
            if (Enumerable.Range(2, Math.Max(0, (int)Math.Sqrt(prime) - 1)).Any(divisor => prime % divisor == 0))
                continue;
            // The 32 bits behind the point of the cube root, exactly: floor(cbrt(prime · 2^96)) mod 2^32.
            constants[i++] = (uint)(CubeRoot((BigInteger)prime << 96) & uint.MaxValue);
        }
        return constants;
    }

    private static BigInteger CubeRoot(BigInteger value)
    {
        BigInteger low = 0, high = BigInteger.One << 40;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (middle * middle * middle <= value)
                low = middle;
            else
                high = middle;
        }
        return low;
    }
}
