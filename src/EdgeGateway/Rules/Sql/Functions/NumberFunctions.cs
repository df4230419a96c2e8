using System.Numerics;

namespace EdgeGateway.Rules.Sql;

/// <summary>Functions of numbers (AWS guide: SQL functions). Whatever is no number gives Undefined.</summary>
internal static class NumberFunctions
{
    public static readonly SqlFunction[] All =
    [
        Exact("abs", static (number, isInt, version) => isInt ? SqlValue.Int(number.Abs()) : SqlValue.Decimal(number.Abs(), version)),
        Exact("ceil", static (number, _, _) => SqlValue.Int(number.Ceiling())),
        Exact("floor", static (number, _, _) => SqlValue.Int(number.Floor())),
        Exact("round", static (number, _, _) => SqlValue.Int(number.Round())),
        Exact("sign", static (number, _, _) => number.Sign),
        Exact("bitnot", static (number, _, _) => Bits(number, 0, static (a, _) => -a - 1)),
        Double("acos", Math.Acos),
        Double("asin", Math.Asin),
        Double("atan", Math.Atan),
        Double("cos", Math.Cos),
        Double("cosh", Math.Cosh),
        Double("exp", Math.Exp),
        Double("ln", Math.Log),
        Double("log", Math.Log10),
        Double("sin", Math.Sin),
        Double("sinh", Math.Sinh),
        Double("sqrt", Math.Sqrt),
        Double("tan", Math.Tan),
        Double("tanh", Math.Tanh),
        Pair("atan2", static (a, b, version) => SqlValue.Double(Math.Atan2(a.ToDouble(), b.ToDouble()), version)),
        Pair("power", static (a, b, version) => SqlValue.Double(Math.Pow(a.ToDouble(), b.ToDouble()), version)),
        Pair("bitand", static (a, b, _) => Bits(a, b, static (x, y) => x & y)),
        Pair("bitor", static (a, b, _) => Bits(a, b, static (x, y) => x | y)),
        Pair("bitxor", static (a, b, _) => Bits(a, b, static (x, y) => x ^ y)),
        Pair("trunc", static (a, b, version) => SqlValue.Decimal(a.Truncate(Math.Clamp(b.ToInt32Clamped(), 0, SqlNumber.Digits)), version)),
        Remainder("mod"),
        Remainder("remainder"),
        new("nanvl", false, 2, 2, static (_, a) => a[0].Kind is SqlKind.Undefined or SqlKind.Null ? a[1] : a[0]),
        new("rand", false, 0, 0, static (e, _) => SqlValue.Double(Random.Shared.NextDouble(), e.Version)),
    ];

    // Beyond the 34 digits of a Decimal two's complement would need thousands of bits; such bits are noise.
    private const int MaxBitExponent = 34;

    private static SqlFunction Exact(string name, Func<SqlNumber, bool, SqlVersion, SqlValue> body) =>
        new(name, false, 1, 1, (e, a) => a[0].TryNumber(out var number) ? body(number, a[0].Kind == SqlKind.Int, e.Version) : default);

    private static SqlFunction Double(string name, Func<double, double> body) =>
        new(name, false, 1, 1, (e, a) => a[0].TryNumber(out var number) ? SqlValue.Double(body(number.ToDouble()), e.Version) : default);

    private static SqlFunction Pair(string name, Func<SqlNumber, SqlNumber, SqlVersion, SqlValue> body) =>
        new(name, false, 2, 2, (e, a) => a[0].TryNumber(out var x) && a[1].TryNumber(out var y) ? body(x, y, e.Version) : default);

    private static SqlFunction Remainder(string name) =>
        new(name, false, 2, 2, static (e, a) => SqlOperators.Arithmetic(SqlNumber.Remainder, a[0], a[1], e.Version));

    private static SqlValue Bits(SqlNumber a, SqlNumber b, Func<BigInteger, BigInteger, BigInteger> operation)
    {
        if (a.Exponent > MaxBitExponent || b.Exponent > MaxBitExponent)
            return default;
        return SqlNumber.TryCreate(operation(a.ToBigInteger(), b.ToBigInteger()), 0, out var result) ? SqlValue.Int(result) : default;
    }

    private static SqlValue Bits(SqlNumber a, long b, Func<BigInteger, BigInteger, BigInteger> operation) => Bits(a, new SqlNumber(b), operation);
}
