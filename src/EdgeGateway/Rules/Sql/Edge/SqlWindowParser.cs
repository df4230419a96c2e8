namespace EdgeGateway.Rules.Sql;

/// <summary>GROUP BY with its window (docs/rules.md).</summary>
internal sealed class SqlWindowParser(SqlTokens tokens, SqlExpressionParser expressions)
{
    private const long MaxLength = 366L * 24 * 3600 * 1000;
    private const int MaxCount = 10_000;
    private static readonly string[] Names = ["TUMBLINGWINDOW", "HOPPINGWINDOW", "SLIDINGWINDOW", "SESSIONWINDOW", "COUNTWINDOW", "STATEWINDOW"];

    public (IReadOnlyList<SqlExpression> Keys, SqlWindow? Window) GroupBy()
    {
        var keys = new List<SqlExpression>();
        SqlWindow? window = null;
        do
        {
            var name = Names.FirstOrDefault(tokens.Current.IsKeyword);
            if (name is null)
            {
                keys.Add(expressions.Expression());
                continue;
            }
            if (window is not null)
                throw new SqlSyntaxException(tokens.Current.Start, "a second window", "one window in a rule");
            window = Window(name);
        }
        while (tokens.Take(","));
        return (keys, window);
    }

    private SqlWindow Window(string name)
    {
        tokens.Advance();
        tokens.Expect("(");
        var window = name switch
        {
            "COUNTWINDOW" => CountWindow(),
            "STATEWINDOW" => StateWindow(),
            _ => TimeWindow(name),
        };
        tokens.Expect(")");
        var over = expressions.Over();
        if (over.When is not null && window.Kind != SqlWindowKind.Sliding)
            throw tokens.Unexpected("OVER (WHEN …) behind a SLIDINGWINDOW only");
        if (over.Partition.Count > 0 && window.Kind != SqlWindowKind.State)
            throw tokens.Unexpected("OVER (PARTITION BY …) behind a STATEWINDOW only");
        return window with { When = over.When, Partition = over.Partition, Filter = Filter() };
    }

    private SqlExpression? Filter()
    {
        if (!tokens.TakeKeyword("FILTER"))
            return null;
        tokens.Expect("(");
        tokens.ExpectKeyword("WHERE");
        var filter = expressions.Expression();
        tokens.Expect(")");
        return filter;
    }

    private SqlWindow TimeWindow(string name)
    {
        var (unit, word) = Unit();
        tokens.Expect(",");
        var length = Time(unit, out var lengthText);
        long? second = tokens.Take(",") ? Time(unit, out _) : null;
        if (second is null && name is "HOPPINGWINDOW" or "SESSIONWINDOW")
            throw tokens.Unexpected(name == "HOPPINGWINDOW" ? "a comma and the hop" : "a comma and the silence that ends a session");
        if (second is not null && name == "TUMBLINGWINDOW")
            throw tokens.Unexpected("\")\": a tumbling window has one length; HOPPINGWINDOW has a hop");
        var step = second ?? (name == "SLIDINGWINDOW" ? 0 : length);
        if (name == "HOPPINGWINDOW" && (step == 0 || length / step > 1000))
            throw tokens.Unexpected("a hop of at least a thousandth of the window");
        var text = second is null ? $"{name}({word}, {lengthText})" : $"{name}({word}, {lengthText}, {second / unit})";
        var kind = name switch { "SLIDINGWINDOW" => SqlWindowKind.Sliding, "SESSIONWINDOW" => SqlWindowKind.Session, _ => SqlWindowKind.Hopping };
        return new(kind, length, step, 0, 0, word == "dd", null, null, null, [], null, text);
    }

    private SqlWindow CountWindow()
    {
        var count = Whole(MaxCount);
        var every = tokens.Take(",") ? Whole(count) : count;
        return new(SqlWindowKind.Count, 0, 0, count, every, false, null, null, null, [], null, every == count ? $"COUNTWINDOW({count})" : $"COUNTWINDOW({count}, {every})");
    }

    private SqlWindow StateWindow()
    {
        var begin = expressions.Expression();
        var end = tokens.Take(",") ? expressions.Expression() : null;
        return new(SqlWindowKind.State, 0, 0, 0, 0, false, begin, end, null, [], null, "STATEWINDOW");
    }

    private (long Milliseconds, string Word) Unit()
    {
        var word = tokens.Current.Text.ToLowerInvariant();
        var unit = tokens.Current.Kind != SqlTokenKind.Identifier ? 0 : word switch { "dd" => 86_400_000, "hh" => 3_600_000, "mi" => 60_000, "ss" => 1000, "ms" => 1, _ => 0L };
        if (unit == 0)
            throw tokens.Unexpected("a unit: dd, hh, mi, ss or ms");
        tokens.Advance();
        return (unit, word);
    }

    private long Time(long unit, out string text)
    {
        var count = Whole((int)Math.Min(int.MaxValue, MaxLength / unit));
        text = count.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return count * unit;
    }

    private int Whole(int atMost)
    {
        var token = tokens.Current;
        if (token.Kind != SqlTokenKind.Number || !int.TryParse(token.Text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var count)
            || count < 1 || count > atMost)
            throw tokens.Unexpected($"a whole number from 1 to {atMost}");
        tokens.Advance();
        return count;
    }
}
