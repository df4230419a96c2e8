using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// A number with 34 significant decimal digits and a non-zero magnitude from 1E-999 to 9.99…E999 (AWS guide: SQL data types):
/// mantissa × 10^exponent. <see cref="decimal"/> holds too few digits and <see cref="double"/> loses integers above 2^53.
/// </summary>
/// <remarks>
/// Each value has one form: a whole number below 10^34 has exponent 0, a fraction's mantissa has no trailing zero, a larger
/// number neither. So equality is equality of the fields. Mantissas that fit 64 bits, which is nearly all there are in
/// practice, need no allocation.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly struct SqlNumber : IEquatable<SqlNumber>, IComparable<SqlNumber>
{
    public const int Digits = 34;
    private const int MaxExponent10 = 999;
    private static readonly BigInteger TenTo34 = BigInteger.Pow(10, Digits);
    private static readonly long[] LongPowers = MakeLongPowers();

    // Boxed mantissa where it does not fit a long, else null.
    internal readonly object? Big;
    internal readonly long Small;
    internal readonly short Exponent;

    internal SqlNumber(object? big, long small, short exponent) => (Big, Small, Exponent) = (big, small, exponent);

    public SqlNumber(long value) => Small = value;

    public bool IsWhole => Exponent >= 0;

    /// <summary>Whole and at most 34 digits: an Int.</summary>
    public bool IsInt => Exponent == 0;

    public bool IsZero => Big is null && Small == 0;

    public int Sign => Big is BigInteger big ? big.Sign : Math.Sign(Small);

    public BigInteger Mantissa => Big is BigInteger big ? big : Small;

    /// <returns>False where the magnitude is above 9.99…E999; below 1E-999 it is zero.</returns>
    public static bool TryCreate(BigInteger mantissa, int exponent, out SqlNumber number)
    {
        number = default;
        if (mantissa.IsZero)
            return true;
        var excess = CountDigits(mantissa) - Digits;
        if (excess > 0)
        {
            (mantissa, exponent) = (DivideRoundHalfEven(mantissa, BigInteger.Pow(10, excess)), exponent + excess);
        }
        while (exponent < 0 || BigInteger.Abs(mantissa) >= TenTo34 || exponent > 0)
        {
            var quotient = BigInteger.DivRem(mantissa, 10, out var remainder);
            if (!remainder.IsZero)
                break;
            (mantissa, exponent) = (quotient, exponent + 1);
            if (exponent == 0)
                break;
        }
        if (exponent > 0 && CountDigits(mantissa) + exponent <= Digits)
            (mantissa, exponent) = (mantissa * BigInteger.Pow(10, exponent), 0);
        var magnitude = CountDigits(mantissa) + exponent - 1;
        if (magnitude > MaxExponent10)
            return false;
        if (magnitude < -MaxExponent10)
            return true;
        number = mantissa >= long.MinValue && mantissa <= long.MaxValue
            ? new SqlNumber(null, (long)mantissa, (short)exponent)
            : new SqlNumber(mantissa, 0, (short)exponent);
        return true;
    }

    /// <summary>The number nearest to a double; false for NaN, infinities and magnitudes out of range.</summary>
    public static bool TryFromDouble(double value, out SqlNumber number)
    {
        number = default;
        if (!double.IsFinite(value))
            return false;
        if (Math.Abs(value) < 1L << 53 && Math.Floor(value) == value)
        {
            number = new SqlNumber((long)value);
            return true;
        }
        Span<byte> text = stackalloc byte[40];
        value.TryFormat(text, out var written, "E16", CultureInfo.InvariantCulture);
        Span<byte> shortest = stackalloc byte[40];
        value.TryFormat(shortest, out var shortestWritten, "R", CultureInfo.InvariantCulture);
        return TryParse(shortest[..shortestWritten], out number) || TryParse(text[..written], out number);
    }

    public double ToDouble()
    {
        if (Big is null && Exponent == 0)
            return Small;
        return double.Parse($"{Mantissa}E{Exponent}", CultureInfo.InvariantCulture);
    }

    /// <summary>Reads a number as JSON and SQL literals have it: digits, an optional fraction, an optional exponent.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out SqlNumber number)
    {
        number = default;
        var i = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
            i++;
        long mantissa = 0;
        var scale = 0;
        var digits = 0;
        var seenPoint = false;
        for (; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '.' && !seenPoint)
            {
                seenPoint = true;
                continue;
            }
            if (c is < (byte)'0' or > (byte)'9')
                break;
            if (digits < 18)
            {
                mantissa = mantissa * 10 + (c - '0');
                if (mantissa != 0)
                    digits++;
                if (seenPoint)
                    scale--;
            }
            else
            {
                return TryParseLong(text, out number);
            }
        }
        if (i < text.Length)
        {
            if (text[i] is not ((byte)'e' or (byte)'E') || !TryParseExponent(text[(i + 1)..], out var exponent))
                return false;
            scale += exponent;
        }
        if (negative)
            mantissa = -mantissa;
        if (scale == 0 || mantissa == 0)
        {
            number = new SqlNumber(mantissa);
            return true;
        }
        return TryCreateSmall(mantissa, scale, out number);
    }

    private static bool TryCreateSmall(long mantissa, int exponent, out SqlNumber number)
    {
        while (exponent < 0 && mantissa % 10 == 0)
            (mantissa, exponent) = (mantissa / 10, exponent + 1);
        if (exponent is <= 0 and > -300)
        {
            number = new SqlNumber(null, mantissa, (short)exponent);
            return true;
        }
        return TryCreate(mantissa, exponent, out number);
    }

    private static bool TryParseLong(ReadOnlySpan<byte> text, out SqlNumber number)
    {
        number = default;
        var end = text.IndexOfAny((byte)'e', (byte)'E');
        var exponent = 0;
        if (end >= 0 && !TryParseExponent(text[(end + 1)..], out exponent))
            return false;
        var plain = end < 0 ? text : text[..end];
        var point = plain.IndexOf((byte)'.');
        var fraction = point < 0 ? 0 : plain.Length - point - 1;
        // 34 digits count; of thousands behind them only whether they are zero could matter, and rounding needs just the first few.
        var digits = new char[plain.Length];
        var count = 0;
        foreach (var c in plain)
        {
            if (c != '.')
                digits[count++] = (char)c;
        }
        var keep = Math.Min(count, 1200);
        return BigInteger.TryParse(digits.AsSpan(0, keep), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var mantissa)
            && TryCreate(mantissa, exponent - fraction + (count - keep), out number);
    }

    private static bool TryParseExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (text.Length > 0 && text[0] is (byte)'-' or (byte)'+')
            text = text[1..];
        if (text.IsEmpty)
            return false;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
                return false;
            exponent = Math.Min(exponent * 10 + (c - '0'), 1_000_000);
        }
        if (negative)
            exponent = -exponent;
        return true;
    }

    public static SqlNumber? Add(SqlNumber a, SqlNumber b)
    {
        if (a.Big is null && b.Big is null && a.Exponent == b.Exponent)
        {
            var sum = unchecked(a.Small + b.Small);
            if (((a.Small ^ sum) & (b.Small ^ sum)) >= 0)
                return TryCreateSmall(sum, a.Exponent, out var quick) ? quick : null;
        }
        // Beyond this distance the smaller one cannot reach the 34 digits of the result.
        if (Math.Abs(a.Exponent - b.Exponent) > 200)
            return a.Magnitude() >= b.Magnitude() && !a.IsZero ? a : b.IsZero ? a : b;
        var exponent = Math.Min(a.Exponent, b.Exponent);
        return TryCreate(a.Scaled(exponent) + b.Scaled(exponent), exponent, out var result) ? result : null;
    }

    public static SqlNumber? Subtract(SqlNumber a, SqlNumber b) => Add(a, b.Negate());

    public static SqlNumber? Multiply(SqlNumber a, SqlNumber b)
    {
        if (a.Big is null && b.Big is null)
        {
            var high = Math.BigMul(a.Small, b.Small, out var low);
            if (high == low >> 63)
                return TryCreateSmall(low, a.Exponent + b.Exponent, out var quick) ? quick : null;
        }
        return TryCreate(a.Mantissa * b.Mantissa, a.Exponent + b.Exponent, out var result) ? result : null;
    }

    /// <returns>Null on division by zero and where the quotient is out of range.</returns>
    public static SqlNumber? Divide(SqlNumber a, SqlNumber b)
    {
        if (b.IsZero)
            return null;
        if (a.Big is null && b.Big is null && a.Exponent == b.Exponent && b.Small != -1 && a.Small % b.Small == 0)
            return new SqlNumber(a.Small / b.Small);
        // Two digits more than kept and a sticky last one make the half-even rounding right.
        var shift = Math.Max(0, Digits + 2 - (CountDigits(a.Mantissa) - CountDigits(b.Mantissa)));
        var quotient = BigInteger.DivRem(a.Mantissa * BigInteger.Pow(10, shift), b.Mantissa, out var remainder);
        var exponent = a.Exponent - b.Exponent - shift;
        if (!remainder.IsZero)
            (quotient, exponent) = (quotient * 10 + remainder.Sign * b.Sign, exponent - 1);
        return TryCreate(quotient, exponent, out var result) ? result : null;
    }

    /// <returns>The remainder with the sign of the dividend; null for a divisor of zero.</returns>
    public static SqlNumber? Remainder(SqlNumber a, SqlNumber b)
    {
        if (b.IsZero)
            return null;
        if (a.Big is null && b.Big is null && a.Exponent == b.Exponent)
            return b.Small == -1 ? default : TryCreateSmall(a.Small % b.Small, a.Exponent, out var quick) ? quick : null;
        if (a.Magnitude() < b.Magnitude())
            return a;
        var exponent = Math.Min(a.Exponent, b.Exponent);
        return TryCreate(BigInteger.Remainder(a.Scaled(exponent), b.Scaled(exponent)), exponent, out var result) ? result : null;
    }

    public SqlNumber Negate() => Big is null && Small != long.MinValue
        ? new SqlNumber(null, -Small, Exponent)
        : TryCreate(-Mantissa, Exponent, out var negated) ? negated : this;

    public SqlNumber Abs() => Sign < 0 ? Negate() : this;

    public SqlNumber Floor() => ToWhole(static (quotient, remainder) => remainder.Sign < 0 ? quotient - 1 : quotient);

    public SqlNumber Ceiling() => ToWhole(static (quotient, remainder) => remainder.Sign > 0 ? quotient + 1 : quotient);

    public SqlNumber Truncate() => ToWhole(static (quotient, _) => quotient);

    /// <summary>Halves away from zero.</summary>
    public SqlNumber Round()
    {
        if (IsWhole)
            return this;
        var half = new SqlNumber(null, Sign < 0 ? -5 : 5, -1);
        return (Add(this, half) ?? this).Truncate();
    }

    /// <param name="places">Decimal places kept, 0 to 34.</param>
    public SqlNumber Truncate(int places)
    {
        if (-Exponent <= places)
            return this;
        var quotient = BigInteger.Divide(Mantissa, BigInteger.Pow(10, -Exponent - places));
        return TryCreate(quotient, -places, out var result) ? result : this;
    }

    private SqlNumber ToWhole(Func<BigInteger, BigInteger, BigInteger> adjust)
    {
        if (IsWhole)
            return this;
        var quotient = BigInteger.DivRem(Mantissa, BigInteger.Pow(10, -Exponent), out var remainder);
        return TryCreate(adjust(quotient, remainder), 0, out var result) ? result : this;
    }

    /// <summary>The whole part, held within the bounds of an int.</summary>
    public int ToInt32Clamped()
    {
        var whole = Floor();
        if (whole.Big is not null || whole.Exponent > 0)
            return whole.Sign < 0 ? int.MinValue : int.MaxValue;
        return (int)Math.Clamp(whole.Small, int.MinValue, int.MaxValue);
    }

    public bool TryToInt64(out long value)
    {
        value = Small;
        return Big is null && Exponent == 0;
    }

    public BigInteger ToBigInteger() => Exponent >= 0 ? Mantissa * BigInteger.Pow(10, Exponent) : Floor().Mantissa;

    public int CompareTo(SqlNumber other)
    {
        if (Big is null && other.Big is null)
        {
            if (Exponent == other.Exponent)
                return Small.CompareTo(other.Small);
            if (Small == 0 || other.Small == 0 || Math.Sign(Small) != Math.Sign(other.Small))
                return Math.Sign(Small).CompareTo(Math.Sign(other.Small));
            var difference = Math.Abs(Exponent - other.Exponent);
            if (difference < LongPowers.Length)
            {
                return Exponent > other.Exponent
                    ? ((Int128)Small * LongPowers[difference]).CompareTo(other.Small)
                    : ((Int128)Small).CompareTo((Int128)other.Small * LongPowers[difference]);
            }
        }
        if (Sign != other.Sign)
            return Sign.CompareTo(other.Sign);
        var magnitude = Magnitude().CompareTo(other.Magnitude());
        if (magnitude != 0)
            return Sign < 0 ? -magnitude : magnitude;
        var exponent = Math.Min(Exponent, other.Exponent);
        return Scaled(exponent).CompareTo(other.Scaled(exponent));
    }

    public bool Equals(SqlNumber other) =>
        Exponent == other.Exponent && Small == other.Small && (Big is BigInteger big ? other.Big is BigInteger o && big == o : other.Big is null);

    public override bool Equals(object? obj) => obj is SqlNumber other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Exponent, Small, Big);

    /// <summary>Plain notation for Ints and for exponents −7…33, else `1.23E+40` (AWS does not say).</summary>
    public override string ToString()
    {
        if (Big is null && Exponent == 0)
            return Small.ToString(CultureInfo.InvariantCulture);
        var digits = BigInteger.Abs(Mantissa).ToString(CultureInfo.InvariantCulture);
        var sign = Sign < 0 ? "-" : "";
        var magnitude = digits.Length + Exponent - 1;
        if (Exponent == 0)
            return sign + digits;
        if (magnitude is < -7 or > 33)
        {
            var trimmed = digits.TrimEnd('0');
            return $"{sign}{trimmed[..1]}{(trimmed.Length > 1 ? "." + trimmed[1..] : "")}E{(magnitude < 0 ? "-" : "+")}{Math.Abs(magnitude)}";
        }
        if (Exponent > 0)
            return sign + digits + new string('0', Exponent);
        return magnitude < 0
            ? $"{sign}0.{new string('0', -magnitude - 1)}{digits}"
            : $"{sign}{digits[..(magnitude + 1)]}.{digits[(magnitude + 1)..]}";
    }

    private int Magnitude() => IsZero ? int.MinValue : CountDigits(Mantissa) + Exponent - 1;

    private BigInteger Scaled(int exponent) => Exponent == exponent ? Mantissa : Mantissa * BigInteger.Pow(10, Exponent - exponent);

    private static BigInteger DivideRoundHalfEven(BigInteger value, BigInteger divisor)
    {
        var quotient = BigInteger.DivRem(value, divisor, out var remainder);
        var twice = BigInteger.Abs(remainder) * 2;
        return twice > divisor || (twice == divisor && !quotient.IsEven) ? quotient + value.Sign : quotient;
    }

    private static int CountDigits(BigInteger value)
    {
        if (value.IsZero)
            return 1;
        var magnitude = BigInteger.Abs(value);
        var estimate = (int)((magnitude.GetBitLength() - 1) * 0.30102999566398119521);
        return magnitude >= BigInteger.Pow(10, estimate) ? Correct(magnitude, estimate) : estimate;
    }

    private static int Correct(BigInteger magnitude, int estimate) => magnitude >= BigInteger.Pow(10, estimate + 1) ? estimate + 2 : estimate + 1;

    private static long[] MakeLongPowers()
    {
        var powers = new long[19];
        powers[0] = 1;
        for (var i = 1; i < powers.Length; i++)
            powers[i] = powers[i - 1] * 10;
        return powers;
    }
}
