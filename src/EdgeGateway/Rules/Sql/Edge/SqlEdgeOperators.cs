namespace EdgeGateway.Rules.Sql;

/// <summary>
/// Operators that `edge-1` adds, put as what the language has already: BETWEEN as two comparisons, IS NULL as isNull(), LIKE and
/// indexes as functions. So they print as those, and parse to the same tree.
/// </summary>
internal static class SqlEdgeOperators
{
    /// <summary>The comparison behind a left side; null where there is none of edge-1's.</summary>
    public static SqlExpression? TryParse(SqlTokens tokens, SqlExpressionParser expressions, SqlExpression left)
    {
        var position = tokens.Current.Start;
        if (tokens.TakeKeyword("IS"))
            return Is(tokens, left, position);
        var isNot = tokens.Current.IsKeyword("NOT") && tokens.Ahead().Next() is var next && (next.IsKeyword("BETWEEN") || next.IsKeyword("LIKE") || next.IsKeyword("IN"));
        if (isNot)
            tokens.Advance();
        SqlExpression? found = null;
        if (tokens.TakeKeyword("BETWEEN"))
            found = Between(tokens, expressions, left, position);
        else if (tokens.TakeKeyword("LIKE"))
            found = Call("like", position, left, expressions.Add());
        else if (tokens.Current.IsKeyword("IN") && (isNot || tokens.Ahead().Next().Is("(")))
            found = In(tokens, expressions, left, position);
        return found is null || !isNot ? found : new UnaryExpression(isNot: true, found) { Position = position };
    }

    /// <summary>`[i]` or `[from:to]`, either bound may be missing.</summary>
    public static SqlExpression Index(SqlTokens tokens, SqlExpressionParser expressions, SqlExpression target)
    {
        var position = tokens.Current.Start;
        tokens.Advance();
        var first = tokens.Current.Is(":") ? new LiteralExpression(SqlValue.Null, "NULL") { Position = position } : expressions.Expression();
        if (!tokens.Take(":"))
        {
            tokens.Expect("]");
            return Call("element_at", position, target, first);
        }
        var end = tokens.Current.Is("]") ? new LiteralExpression(SqlValue.Null, "NULL") { Position = position } : expressions.Expression();
        tokens.Expect("]");
        return Call("slice", position, target, first, end);
    }

    /// <summary>An aggregate, a stateful function or unnest; null where the name is none of these.</summary>
    public static SqlExpression? Bind(SqlToken name, List<SqlExpression> arguments, SqlExpressionParser expressions)
    {
        BoundExpression bound;
        var slot = expressions.Bound.Count;
        if (SqlAggregates.Find(name.Text) is { } aggregate)
        {
            Check(name, arguments, aggregate.MinArguments, aggregate.MaxArguments, isStarAllowed: aggregate.Name is "count" or "collect" or "merge_agg");
            bound = new AggregateExpression(aggregate, arguments) { Position = name.Start, Slot = slot };
        }
        else if (SqlAnalytics.Find(name.Text) is { } analytic)
        {
            Check(name, arguments, analytic.MinArguments, analytic.MaxArguments, isStarAllowed: analytic.Name is "had_changed" or "changed_cols");
            if (analytic.Name == "changed_cols" && arguments is not [_, _, ObjectExpression or StarExpression])
                arguments = [arguments[0], arguments[1], new ObjectExpression([.. arguments.Skip(2).Select(static (argument, i) => (SqlExpressionParser.NameOf(argument, i + 1), argument))])];
            bound = new AnalyticExpression(analytic, arguments, expressions.Over()) { Position = name.Start, Slot = slot };
        }
        else if (name.IsKeyword("unnest"))
        {
            Check(name, arguments, 1, 1, isStarAllowed: false);
            bound = new UnnestExpression(arguments[0]) { Position = name.Start, Slot = slot };
        }
        else
        {
            return null;
        }
        expressions.Bound.Add(bound);
        return bound;
    }

    private static void Check(SqlToken name, List<SqlExpression> arguments, int least, int most, bool isStarAllowed)
    {
        if (arguments.Count < least || arguments.Count > most)
            throw new SqlSyntaxException(name.Start, $"{name.Text} has {arguments.Count} arguments", least == most ? $"{least}" : $"{least} to {most}");
        if (!isStarAllowed && arguments.FirstOrDefault(static argument => argument is StarExpression) is { } star)
            throw new SqlSyntaxException(star.Position, "* cannot stand here", "a value");
    }

    private static CallExpression Call(string name, int position, params SqlExpression[] arguments) =>
        new((SqlFunctions.Find(name) ?? EdgeFunctions.Find(name))!, arguments) { Position = position };

    private static SqlExpression Is(SqlTokens tokens, SqlExpression left, int position)
    {
        var isNot = tokens.TakeKeyword("NOT");
        var name = tokens.TakeKeyword("NULL") ? "isnull" : tokens.TakeKeyword("UNDEFINED") ? "isundefined" : throw tokens.Unexpected("NULL or UNDEFINED");
        var call = Call(name, position, left);
        return isNot ? new UnaryExpression(isNot: true, call) { Position = position } : call;
    }

    private static BinaryExpression Between(SqlTokens tokens, SqlExpressionParser expressions, SqlExpression left, int position)
    {
        var low = expressions.Add();
        tokens.ExpectKeyword("AND");
        var high = expressions.Add();
        return new(
            SqlOperator.And,
            new BinaryExpression(SqlOperator.GreaterOrEqual, left, low) { Position = position },
            new BinaryExpression(SqlOperator.LessOrEqual, left, high) { Position = position }) { Position = position };
    }

    private static BinaryExpression In(SqlTokens tokens, SqlExpressionParser expressions, SqlExpression left, int position)
    {
        tokens.Advance();
        if (!tokens.Current.Is("(") || tokens.Ahead().Next().IsKeyword("SELECT"))
            return new(SqlOperator.In, left, expressions.Add()) { Position = position };
        var open = tokens.Current.Start;
        tokens.Advance();
        var items = new List<SqlExpression>();
        do
            items.Add(expressions.Expression());
        while (tokens.Take(","));
        tokens.Expect(")");
        // (a) is a bracket around an Array as well as a list of one.
        return new(SqlOperator.In, left, items is [not LiteralExpression and var only] ? only : new ArrayExpression([.. items]) { Position = open }) { Position = position };
    }
}
