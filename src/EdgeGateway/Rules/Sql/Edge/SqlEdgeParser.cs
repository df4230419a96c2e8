namespace EdgeGateway.Rules.Sql;

/// <summary>The clauses that `edge-1` adds behind FROM and behind WHERE (rules.md §15.1, §15.6).</summary>
internal sealed class SqlEdgeParser(SqlTokens tokens, SqlExpressionParser expressions)
{
    private const int MaxFilters = 32;
    private const int MaxLimit = 10_000;
    private readonly List<string> _filters = [];
    private readonly List<SqlJoin> _joins = [];

    /// <summary>More filters and the joins.</summary>
    public void ReadSources(bool hasFrom, Func<SqlTokens, string> filter)
    {
        while (hasFrom && tokens.Take(","))
        {
            if (_filters.Count >= MaxFilters)
                throw tokens.Unexpected($"at most {MaxFilters} filters");
            _filters.Add(filter(tokens));
        }
        while (tokens.Current.IsKeyword("JOIN") || tokens.Current.IsKeyword("LEFT") || tokens.Current.IsKeyword("INNER"))
            _joins.Add(Join());
    }

    /// <summary>GROUP BY, HAVING, ORDER BY, LIMIT.</summary>
    public SqlEdge ReadTail()
    {
        var (keys, window) = tokens.TakeKeyword("GROUP") ? Group() : ([], null);
        var having = tokens.TakeKeyword("HAVING") ? expressions.Expression() : null;
        var order = tokens.TakeKeyword("ORDER") ? Order() : [];
        int? limit = tokens.TakeKeyword("LIMIT") ? Limit() : null;
        var aggregates = expressions.Bound.OfType<AggregateExpression>().ToList();
        if (window is null && (aggregates.Count > 0 || keys.Count > 0 || having is not null))
        {
            throw new SqlSyntaxException(
                aggregates.Count > 0 ? aggregates[0].Position : tokens.Current.Start,
                aggregates.Count > 0 ? $"{aggregates[0].Function.Name} needs a window" : "GROUP BY and HAVING need a window",
                "a window in GROUP BY, such as TUMBLINGWINDOW(ss, 10)");
        }
        return new SqlEdge
        {
            MoreFilters = _filters,
            Joins = _joins,
            GroupBy = keys,
            Window = window,
            Having = having,
            OrderBy = order,
            Limit = limit,
            Analytics = [.. expressions.Bound.OfType<AnalyticExpression>()],
            Aggregates = aggregates,
            Unnest = expressions.Bound.OfType<UnnestExpression>().FirstOrDefault(),
            Slots = expressions.Bound.Count,
        };
    }

    private (IReadOnlyList<SqlExpression>, SqlWindow?) Group()
    {
        tokens.ExpectKeyword("BY");
        return new SqlWindowParser(tokens, expressions).GroupBy();
    }

    private List<(SqlExpression, bool)> Order()
    {
        tokens.ExpectKeyword("BY");
        var keys = new List<(SqlExpression, bool)>();
        do
        {
            var key = expressions.Expression();
            var isDescending = tokens.TakeKeyword("DESC");
            if (!isDescending)
                tokens.TakeKeyword("ASC");
            keys.Add((key, isDescending));
        }
        while (tokens.Take(","));
        return keys;
    }

    private int Limit()
    {
        if (tokens.Current.Kind != SqlTokenKind.Number || !int.TryParse(tokens.Current.Text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var limit) || limit < 1 || limit > MaxLimit)
            throw tokens.Unexpected($"a whole number from 1 to {MaxLimit}");
        tokens.Advance();
        return limit;
    }

    private SqlJoin Join()
    {
        var isLeft = tokens.TakeKeyword("LEFT");
        if (!isLeft)
            tokens.TakeKeyword("INNER");
        tokens.ExpectKeyword("JOIN");
        var kind = new[] { "TABLE", "SHADOW", "THING" }.FirstOrDefault(tokens.TakeKeyword)
            ?? throw tokens.Unexpected("TABLE, SHADOW or THING: other streams are not joined");
        var name = expressions.Name(kind == "TABLE" ? "the name of a table" : "a name for the row");
        var alias = tokens.TakeKeyword("AS") ? expressions.Name("a name for the row") : name;
        tokens.ExpectKeyword("ON");
        var side = tokens.Current;
        if (expressions.Name($"{alias} and its key column") != alias || !tokens.Take("."))
            throw new SqlSyntaxException(side.Start, "the condition begins with another name", $"{alias}.column = value");
        var column = expressions.Name("the key column");
        tokens.Expect("=");
        return new SqlJoin(kind, name, alias, column, expressions.Add(), isLeft);
    }
}
