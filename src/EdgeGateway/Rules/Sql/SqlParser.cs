namespace EdgeGateway.Rules.Sql;

/// <summary>Recursive descent over the grammar (AWS guide: SQL reference); expressions are in <see cref="SqlExpressionParser"/>.</summary>
internal static class SqlParser
{
    private static readonly string[] LaterClauses = ["GROUP", "HAVING", "ORDER", "LIMIT", "JOIN", "LEFT", "RIGHT", "FULL", "CROSS", "INNER"];

    public static SqlParseResult ParseStatement(string text, SqlVersion version)
    {
        if (text.Length > SqlLimits.MaxStatementChars)
            return new SqlParseResult(null, new SqlError(1, 1, $"the statement is longer than {SqlLimits.MaxStatementChars} characters", ""));
        try
        {
            return new SqlParseResult(Statement(new SqlTokens(text, 0, version), text, version), null);
        }
        catch (SqlSyntaxException ex)
        {
            return new SqlParseResult(null, SqlError.At(text, ex.Position, ex.Message, ex.Expected));
        }
    }

    private static SqlStatement Statement(SqlTokens tokens, string text, SqlVersion version)
    {
        var parser = new SqlExpressionParser(tokens, version);
        var sets = Sets(tokens, parser, version);
        if (!tokens.TakeKeyword("SELECT"))
            throw tokens.Unexpected(sets.Count == 0 ? "SELECT" : "SELECT or a comma");
        var selection = parser.Selection();
        var hasFrom = tokens.TakeKeyword("FROM");
        var source = hasFrom && version == SqlVersion.Edge1 ? SqlSource.TryRead(tokens) : null;
        var filter = hasFrom && source is null ? Filter(tokens) : null;
        var edge = version == SqlVersion.Edge1 ? new SqlEdgeParser(tokens, parser) : null;
        edge?.ReadSources(filter is not null, Filter);
        var where = tokens.TakeKeyword("WHERE") ? parser.Expression() : null;
        var added = edge?.ReadTail();
        if (tokens.Current.Kind != SqlTokenKind.End)
            throw Trailing(tokens, hasFrom, hasWhere: where is not null, version);
        return new SqlStatement(text, version, sets, selection, filter, where, parser.UsesLookups || added is { Joins.Count: > 0 }) { Edge = added, Source = source };
    }

    private static List<(string Name, SqlExpression Value)> Sets(SqlTokens tokens, SqlExpressionParser parser, SqlVersion version)
    {
        var sets = new List<(string Name, SqlExpression Value)>();
        if (!tokens.Current.IsKeyword("SET"))
            return sets;
        parser.Require2016("SET", tokens.Current.Start);
        tokens.Advance();
        do
        {
            var name = tokens.Current;
            if (name.Kind != SqlTokenKind.Variable)
                throw tokens.Unexpected("a variable such as @name");
            if (sets.Any(set => set.Name == name.Text))
                throw new SqlSyntaxException(name.Start, $"@{name.Text} is assigned twice", "another name");
            tokens.Advance();
            tokens.Expect("=");
            sets.Add((name.Text, parser.Expression()));
            parser.Variables.Add(name.Text);
        }
        while (tokens.Take(","));
        return sets;
    }

    private static string Filter(SqlTokens tokens)
    {
        var token = tokens.Current;
        if (token.Kind != SqlTokenKind.String)
            throw tokens.Unexpected("a topic filter in quotes, such as 'sensors/+/telemetry'");
        if (SqlTopicFilter.FaultOf(token.Text) is { } fault)
            throw new SqlSyntaxException(token.Start, fault, "a topic filter: # alone in the last level, + alone in its level");
        tokens.Advance();
        return token.Text;
    }

    private static SqlSyntaxException Trailing(SqlTokens tokens, bool hasFrom, bool hasWhere, SqlVersion version)
    {
        var token = tokens.Current;
        if (LaterClauses.Any(token.IsKeyword) && version != SqlVersion.Edge1)
            return new SqlSyntaxException(token.Start, $"{token.Text.ToUpperInvariant()} is not part of rule SQL", "one SELECT … FROM … WHERE …, or awsIotSqlVersion edge-1 for it");
        if (token.Is("-") || token.Is("/"))
            return new SqlSyntaxException(token.Start, $"{token.Describe()} cannot stand here; rule SQL has no comments", "the end of the statement");
        var expected = (hasFrom, hasWhere) switch
        {
            (_, true) => "AND, OR, another operator or the end of the statement",
            (true, _) => "WHERE or the end of the statement",
            _ => "a comma, AS, FROM or WHERE",
        };
        return tokens.Unexpected(expected);
    }
}
