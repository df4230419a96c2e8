using System.Text;

namespace EdgeGateway.Rules.Series;

/// <summary>
/// Readings of one series packed. First bytes: version and kind; then bits. Times as the change of their distance (delta of delta), in the
/// largest of ns, µs, ms, s they are multiples of. Numbers with few decimals as whole numbers of that many decimals, each as its change; all others as in
/// Facebook's Gorilla (XOR with the one before, §4.1.2). Texts by length, a repeated one by one bit.
/// </summary>
internal static class SeriesChunk
{
    private const byte Version = 1;
    private const int MaxDecimals = 6, XorOfDoubles = 7;
    private const double LargestWhole = 1L << 52;
    private static readonly long[] Units = [1_000_000_000, 1_000_000, 1_000, 1];

    /// <param name="points">In order of time.</param>
    public static byte[] Write(SeriesKind kind, IReadOnlyList<SeriesPoint> points)
    {
        var bits = new BitWriter();
        bits.Write(Version, 4);
        bits.Write((ulong)kind, 4);
        bits.WriteSigned(points.Count);
        WriteTimes(bits, points);
        if (kind == SeriesKind.Varchar)
            WriteTexts(bits, points);
        else
            WriteNumbers(bits, points);
        return bits.ToArray();
    }

    /// <exception cref="InvalidDataException">It is none, or cut.</exception>
    public static List<SeriesPoint> Read(ReadOnlySpan<byte> chunk)
    {
        var bits = new BitReader(chunk);
        if (bits.Read(4) != Version)
            throw new InvalidDataException("a chunk of a series has a version this program does not know");
        var kind = (SeriesKind)bits.Read(4);
        var count = (int)bits.ReadSigned();
        var times = new long[count];
        var unit = Units[bits.Read(2)];
        long time = 0, distance = 0;
        for (var i = 0; i < count; i++)
        {
            distance += bits.ReadSigned();
            time += distance;
            times[i] = time * unit;
        }
        var points = new List<SeriesPoint>(count);
        if (kind == SeriesKind.Varchar)
            ReadTexts(ref bits, times, points);
        else
            ReadNumbers(ref bits, times, points);
        return points;
    }

    private static void WriteTimes(BitWriter bits, IReadOnlyList<SeriesPoint> points)
    {
        var unit = Array.FindIndex(Units, unit => points.All(point => point.Time % unit == 0));
        bits.Write((ulong)unit, 2);
        long last = 0, lastDistance = 0;
        foreach (var point in points)
        {
            var time = point.Time / Units[unit];
            var distance = time - last;
            bits.WriteSigned(distance - lastDistance);
            (last, lastDistance) = (time, distance);
        }
    }

    private static void WriteNumbers(BitWriter bits, IReadOnlyList<SeriesPoint> points)
    {
        var decimals = DecimalsOf(points);
        bits.Write((ulong)(decimals ?? XorOfDoubles), 3);
        if (decimals is not { } places)
        {
            WriteXor(bits, points);
            return;
        }
        var scale = Math.Pow(10, places);
        var last = 0L;
        foreach (var point in points)
        {
            var whole = (long)Math.Round(point.Number * scale);
            bits.WriteSigned(whole - last);
            last = whole;
        }
    }

    private static void ReadNumbers(ref BitReader bits, long[] times, List<SeriesPoint> points)
    {
        var decimals = (int)bits.Read(3);
        if (decimals == XorOfDoubles)
        {
            ReadXor(ref bits, times, points);
            return;
        }
        var scale = Math.Pow(10, decimals);
        var whole = 0L;
        foreach (var time in times)
        {
            whole += bits.ReadSigned();
            points.Add(new(time, whole / scale));
        }
    }

    // Null where a number does not come back exactly from any number of decimals.
    private static int? DecimalsOf(IReadOnlyList<SeriesPoint> points)
    {
        var decimals = 0;
        foreach (var point in points)
        {
            while (decimals <= MaxDecimals && !Fits(point.Number, decimals))
                decimals++;
        }
        // More decimals may push a large number out of what is exact.
        return decimals <= MaxDecimals && points.All(point => Fits(point.Number, decimals)) ? decimals : null;
    }

    private static bool Fits(double number, int decimals)
    {
        var scale = Math.Pow(10, decimals);
        var whole = Math.Round(number * scale);
        return Math.Abs(whole) < LargestWhole && BitConverter.DoubleToInt64Bits(whole / scale) == BitConverter.DoubleToInt64Bits(number);
    }

    private static void WriteXor(BitWriter bits, IReadOnlyList<SeriesPoint> points)
    {
        ulong last = 0;
        foreach (var point in points)
        {
            var value = BitConverter.DoubleToUInt64Bits(point.Number);
            var xor = value ^ last;
            last = value;
            if (xor == 0)
            {
                bits.Write(0, 1);
                continue;
            }
            var (leading, trailing) = (System.Numerics.BitOperations.LeadingZeroCount(xor), System.Numerics.BitOperations.TrailingZeroCount(xor));
            bits.Write(1, 1);
            bits.Write((ulong)leading, 6);
            bits.Write((ulong)(63 - leading - trailing), 6);
            bits.Write(xor >> trailing, 64 - leading - trailing);
        }
    }

    private static void ReadXor(ref BitReader bits, long[] times, List<SeriesPoint> points)
    {
        ulong value = 0;
        foreach (var time in times)
        {
            if (bits.Read(1) == 1)
            {
                var leading = (int)bits.Read(6);
                var length = (int)bits.Read(6) + 1;
                value ^= bits.Read(length) << (64 - leading - length);
            }
            points.Add(new(time, BitConverter.UInt64BitsToDouble(value)));
        }
    }

    private static void WriteTexts(BitWriter bits, IReadOnlyList<SeriesPoint> points)
    {
        string? last = null;
        foreach (var point in points)
        {
            bits.Write(point.Text == last ? 1u : 0u, 1);
            if (point.Text == last)
                continue;
            last = point.Text;
            var bytes = Encoding.UTF8.GetBytes(last ?? "");
            bits.WriteSigned(bytes.Length);
            foreach (var one in bytes)
                bits.Write(one, 8);
        }
    }

    private static void ReadTexts(ref BitReader bits, long[] times, List<SeriesPoint> points)
    {
        string? text = null;
        foreach (var time in times)
        {
            if (bits.Read(1) == 0)
            {
                var bytes = new byte[bits.ReadSigned()];
                for (var i = 0; i < bytes.Length; i++)
                    bytes[i] = (byte)bits.Read(8);
                text = Encoding.UTF8.GetString(bytes);
            }
            points.Add(new(time, double.NaN, text));
        }
    }
}
