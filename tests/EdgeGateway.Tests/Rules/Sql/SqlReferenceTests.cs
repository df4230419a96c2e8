using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using EdgeGateway.Rules.Sql;
using Xunit;

namespace EdgeGateway.Tests.Rules.Sql;

/// <summary>
/// The evaluator against a plain one written from the tables of AWS's guide (SQL data types, SQL operators): expressions are made at random, as
/// SQL and as a function over the same attributes.
/// </summary>
public sealed class SqlReferenceTests
{
    private static readonly object Undefined = new();

    private static readonly Dictionary<string, object?> Attributes = new(StringComparer.Ordinal)
    {
        ["a"] = 7m, ["b"] = -2.5m, ["c"] = "12", ["d"] = "red", ["e"] = true, ["f"] = "False", ["g"] = null, ["h"] = "", ["i"] = "1.5", ["j"] = " 3",
    };

    private static readonly string[] Symbols = ["+", "-", "*", "=", "<>", "<", "<=", ">", ">=", "AND", "OR"];

    private static readonly Term[] Literals = [new("TRUE", true), new("FALSE", false), new("NULL", null), new("'x'", "x"), new("'7'", "7"), new("'TRUE'", "TRUE")];

    private sealed record Term(string Sql, object? Value);

    [Fact]
    public void Evaluate_RandomExpressions_AgreesWithTheReference()
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(Attributes);
        Terms(3).Sample(term =>
        {
            var parsed = SqlStatement.Parse($"SELECT {term.Sql} AS r FROM 't'", SqlVersion.V20160323);
            Assert.True(parsed.Succeeded, $"{term.Sql}: {parsed.Error}");
            var result = parsed.Statement.Evaluate(new SqlMessage { Topic = "t", Payload = payload, Timestamp = 0 }, new SqlContext { Time = TimeProvider.System });
            var expected = ReferenceEquals(term.Value, Undefined) ? "{}" : $$"""{"r":{{Json(term.Value)}}}""";
            Assert.Equal((term.Sql, expected), (term.Sql, Encoding.UTF8.GetString(Assert.IsType<SqlResult.Output>(result).Payload.Span)));
        }, iter: 20_000);
    }

    private static Gen<Term> Terms(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Int[-20, 20].Select(static i => new Term(i < 0 ? $"({i})" : $"{i}", (decimal)i)),
            Gen.Int[-30, 30].Select(static i => new Term($"({(i / 4m).ToString(CultureInfo.InvariantCulture)})", i / 4m)),
            Gen.Int[0, 10].Select(static i => i == 10 ? new Term("missing", Undefined) : new Term(Attributes.Keys.ElementAt(i), Attributes.Values.ElementAt(i))),
            Gen.Int[0, Literals.Length - 1].Select(static i => Literals[i]));
        if (depth == 0)
            return leaf;
        var inner = Terms(depth - 1);
        var binary = Gen.Select(inner, Gen.Int[0, Symbols.Length - 1], inner, static (left, i, right) => new Term($"({left.Sql} {Symbols[i]} {right.Sql})", Apply(Symbols[i], left.Value, right.Value)));
        var not = inner.Select(static term => new Term($"(NOT {term.Sql})", Flag(term.Value) is { } flag ? !flag : Undefined));
        var minus = inner.Select(static term => new Term($"(- ({term.Sql}))", Number(term.Value) is { } number ? -number : Undefined));
        var choice = Gen.Select(inner, inner, inner, inner, static (subject, when, then, otherwise) => new Term(
            $"CASE {subject.Sql} WHEN {when.Sql} THEN {then.Sql} ELSE {otherwise.Sql} END",
            ReferenceEquals(subject.Value, Undefined) ? Undefined : Apply("=", subject.Value, when.Value) is true ? then.Value : otherwise.Value));
        var asked = inner.Select(static term => new Term($"isUndefined({term.Sql})", ReferenceEquals(term.Value, Undefined)));
        return Gen.OneOf(leaf, leaf, binary, binary, binary, binary, not, minus, choice, asked);
    }

    private static object? Apply(string symbol, object? left, object? right)
    {
        var (a, b) = (Number(left), Number(right));
        switch (symbol)
        {
            case "AND":
                return Flag(left) == false || Flag(right) == false ? false : Flag(left) is true && Flag(right) is true ? true : Undefined;
            case "OR":
                return Flag(left) == true || Flag(right) == true ? true : Flag(left) is false && Flag(right) is false ? false : Undefined;
            case "=" or "<>":
                if (ReferenceEquals(left, Undefined) || ReferenceEquals(right, Undefined))
                    return Undefined;
                return Equals(left, right) == (symbol == "=");
            case "+" when left is string || right is string:
                return Text(left) is { } first && Text(right) is { } second ? first + second : Undefined;
            case "+":
                return left is decimal x && right is decimal y ? x + y : Undefined;
            case "-":
                return a - b ?? Undefined;
            case "*":
                return a * b ?? Undefined;
            default:
                if (a is not { } low || b is not { } high)
                    return Undefined;
                return symbol switch { "<" => low < high, "<=" => low <= high, ">" => low > high, _ => low >= high };
        }
    }

    private static decimal? Number(object? value) => value switch
    {
        decimal number => number,
        string text when System.Text.RegularExpressions.Regex.IsMatch(text, @"^-?\d+(\.\d+)?([eE]-?\d+)?\z") => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static bool? Flag(object? value) => value switch
    {
        bool flag => flag,
        string text when text.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        string text when text.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        _ => null,
    };

    private static string? Text(object? value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        decimal number => Plain(number),
        _ => null,
    };

    private static string Plain(decimal number) => number.ToString("0.#############################", CultureInfo.InvariantCulture) is "-0" or "0" ? "0" : number.ToString("0.#############################", CultureInfo.InvariantCulture);

    private static string Json(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        decimal number => Plain(number),
        _ => JsonSerializer.Serialize((string)value),
    };
}
