namespace EdgeGateway.Rules.Sql;

/// <summary>The clauses that `edge-1` adds behind FROM and behind WHERE (docs/rules.md).</summary>
internal sealed class SqlEdgeParser(SqlTokens tokens, SqlExpressionParser expressions)
{
    private const int MaxFilters = 32;
    private const int MaxLimit = 10_000;
    private static readonly string[] JoinWords = ["JOIN", "LEFT", "RIGHT", "FULL", "CROSS", "INNER"];
    private readonly List<string> _filters = [];
    private readonly List<SqlJoin> _joins = [];
    private readonly List<SqlStreamJoin> _streamJoins = [];
    private string? _alias;

    /// <summary>More filters and the joins.</summary>
    public void ReadSources(bool hasFrom, Func<SqlTokens, string> filter)
    {
        while (hasFrom && tokens.Take(","))
        {
            if (_filters.Count >= MaxFilters)
                throw tokens.Unexpected($"at most {MaxFilters} filters");
            _filters.Add(filter(tokens));
        }
        if (hasFrom && tokens.TakeKeyword("AS"))
            _alias = expressions.Name("a name for the stream");
        while (JoinWords.Any(tokens.Current.IsKeyword))
            Join(filter);
    }

    /// <summary>GROUP BY, HAVING, ORDER BY, LIMIT.</summary>
    public SqlEdge ReadTail()
    {
        var (keys, window) = tokens.TakeKeyword("GROUP") ? Group() : ([], null);
        var having = tokens.TakeKeyword("HAVING") ? expressions.Expression() : null;
        var order = tokens.TakeKeyword("ORDER") ? Order() : [];
        int? limit = tokens.TakeKeyword("LIMIT") ? Limit() : null;
        CheckStreams(window);
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
            Alias = _alias,
            StreamJoins = _streamJoins,
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

    private void CheckStreams(SqlWindow? window)
    {
        if (_streamJoins.Count == 0)
            return;
        if (_alias is null)
            throw new SqlSyntaxException(tokens.Current.Start, "FROM has no topic filter with a name", "FROM '…' AS a JOIN '…' AS b ON a.key = b.key");
        if (window is null)
            throw new SqlSyntaxException(tokens.Current.Start, "streams are joined in a window only", "a window in GROUP BY, such as TUMBLINGWINDOW(ss, 10)");
        if (_streamJoins.Select(static join => join.Alias).Append(_alias).Concat(_joins.Select(static join => join.Alias)).GroupBy(static name => name, StringComparer.Ordinal).FirstOrDefault(static names => names.Count() > 1) is { } twice)
            throw new SqlSyntaxException(tokens.Current.Start, $"two streams have the name {twice.Key}", "a name for each");
        if (expressions.Bound.FirstOrDefault(static bound => bound is not AggregateExpression) is { } bound)
            throw new SqlSyntaxException(bound.Position, "stateful functions and unnest do not go with a JOIN of streams", "aggregates, or a rule before this one that emits what they give");
    }

    private void Join(Func<SqlTokens, string> filter)
    {
        var kind = SqlStreamJoinKind.Inner;
        if (!tokens.TakeKeyword("INNER"))
            kind = tokens.TakeKeyword("LEFT") ? SqlStreamJoinKind.Left : tokens.TakeKeyword("RIGHT") ? SqlStreamJoinKind.Right : tokens.TakeKeyword("FULL") ? SqlStreamJoinKind.Full : tokens.TakeKeyword("CROSS") ? SqlStreamJoinKind.Cross : kind;
        tokens.ExpectKeyword("JOIN");
        if (tokens.Current.Kind == SqlTokenKind.String)
        {
            StreamJoin(kind, filter);
            return;
        }
        var what = new[] { "TABLE", "SHADOW", "THING" }.FirstOrDefault(tokens.TakeKeyword)
            ?? throw tokens.Unexpected("TABLE, SHADOW or THING, or the topic filter of another stream in quotes");
        if (kind is not (SqlStreamJoinKind.Inner or SqlStreamJoinKind.Left))
            throw tokens.Unexpected($"JOIN or LEFT JOIN before {what}: RIGHT, FULL and CROSS are for streams");
        _joins.Add(LookUp(what, isLeft: kind == SqlStreamJoinKind.Left));
    }

    private void StreamJoin(SqlStreamJoinKind kind, Func<SqlTokens, string> filter)
    {
        const int MaxStreams = 8;
        if (_streamJoins.Count >= MaxStreams)
            throw tokens.Unexpected($"at most {MaxStreams} joined streams");
        var source = filter(tokens);
        tokens.ExpectKeyword("AS");
        var alias = expressions.Name("a name for the stream");
        SqlExpression? on = null;
        if (kind != SqlStreamJoinKind.Cross)
        {
            tokens.ExpectKeyword("ON");
            on = expressions.Expression();
        }
        _streamJoins.Add(new(kind, source, alias, on));
    }

    private SqlJoin LookUp(string kind, bool isLeft)
    {
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
