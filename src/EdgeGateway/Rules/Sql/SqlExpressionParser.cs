namespace EdgeGateway.Rules.Sql;

/// <summary>Expressions by precedence, binary operators left-associative (AWS guide: SQL reference).</summary>
internal sealed class SqlExpressionParser(SqlTokens tokens, SqlVersion version)
{
    // Left-deep chains such as a + b + c … are evaluated by recursion.
    private const int MaxHeight = 1000;

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "SELECT", "FROM", "WHERE", "AS", "AND", "OR", "NOT", "CASE", "WHEN", "THEN", "ELSE", "END", "IN",
    };

    private int _nesting;

    /// <summary>Variables assigned so far.</summary>
    public HashSet<string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a function that asks other parts of the gateway was read.</summary>
    public bool UsesLookups { get; set; }

    /// <summary>The statement's bound expressions of edge-1, in the order they are written.</summary>
    public List<BoundExpression> Bound { get; } = [];

    public bool IsEdge => version == SqlVersion.Edge1;

    /// <summary>In templates, where the statement's SET is not at hand.</summary>
    public bool AnyVariable { get; init; }

    public void Require2016(string construct, int position)
    {
        if (version == SqlVersion.V20151008)
            throw new SqlSyntaxException(position, $"{construct} is not part of version 2015-10-08", "awsIotSqlVersion 2016-03-23 for it");
    }

    /// <summary>The list behind SELECT.</summary>
    public SqlSelection Selection()
    {
        if (IsValueKeyword())
        {
            tokens.Advance();
            return new SqlSelection(isValue: true, [Item(1)]);
        }
        var items = new List<SqlItem>();
        do
        {
            if (items.Count > 0 && (tokens.Current.IsKeyword("FROM") || tokens.Current.IsKeyword("WHERE") || tokens.Current.Kind == SqlTokenKind.End))
                throw new SqlSyntaxException(tokens.Current.Start, "the list ends with a comma", "another item, or no comma before it");
            items.Add(Item(items.Count + 1));
        }
        while (tokens.Take(","));
        return new SqlSelection(isValue: false, items);
    }

    /// <summary>The list of a subquery, which counts as a level of nesting.</summary>
    public SqlSelection NestedSelection() => Nested(Selection);

    public SqlExpression Expression() => Nested(Or);

    private bool IsValueKeyword()
    {
        if (!tokens.Current.IsKeyword("VALUE"))
            return false;
        var ahead = tokens.Ahead();
        var next = ahead.Next();
        if (next.Is("*"))
            return ahead.Next() is { Kind: SqlTokenKind.End } or { Text: "FROM" or "from" or "From" or ")" };
        return next.Kind switch
        {
            SqlTokenKind.Identifier => !next.IsKeyword("AS") && !next.IsKeyword("FROM") && !next.IsKeyword("WHERE")
                && !next.IsKeyword("AND") && !next.IsKeyword("OR") && !next.IsKeyword("IN"),
            SqlTokenKind.Symbol => next.Text is "(" or "[" or "{" or "-",
            SqlTokenKind.End => false,
            _ => true,
        };
    }

    private SqlItem Item(int ordinal)
    {
        var position = tokens.Current.Start;
        SqlExpression expression;
        if (tokens.Take("*"))
            expression = Star(position);
        else
            expression = Expression();
        if (!tokens.TakeKeyword("AS"))
            return new SqlItem(expression, [NameOf(expression, ordinal)], HasAlias: false);
        var path = new List<string>();
        do
        {
            if (tokens.Current.Kind != SqlTokenKind.Identifier)
                throw tokens.Unexpected("an alias: a name of letters, digits and underscores");
            path.Add(tokens.Current.Text);
            tokens.Advance();
        }
        while (tokens.Take(".") && (path.Count < SqlLimits.MaxNesting ? true : throw tokens.Unexpected("a shorter alias")));
        return new SqlItem(expression, path, HasAlias: true);
    }

    private StarExpression Star(int position)
    {
        var (except, replace) = (new List<string>(), new List<(string Name, SqlExpression Value)>());
        if (IsEdge && tokens.TakeKeyword("EXCEPT"))
        {
            tokens.Expect("(");
            do
                except.Add(Name("a member to leave out"));
            while (tokens.Take(","));
            tokens.Expect(")");
        }
        if (IsEdge && tokens.TakeKeyword("REPLACE"))
        {
            tokens.Expect("(");
            do
            {
                var value = Expression();
                tokens.ExpectKeyword("AS");
                replace.Add((Name("the member to replace"), value));
            }
            while (tokens.Take(","));
            tokens.Expect(")");
        }
        return new StarExpression { Position = position, Except = except, Replace = replace };
    }

    public string Name(string what)
    {
        var token = tokens.Current;
        if (token.Kind != SqlTokenKind.Identifier)
            throw tokens.Unexpected(what);
        tokens.Advance();
        return token.Text;
    }

    /// <summary>`OVER ([PARTITION BY k, …] [WHEN c])`, where it stands.</summary>
    public SqlOver Over()
    {
        if (!tokens.TakeKeyword("OVER"))
            return SqlOver.All;
        tokens.Expect("(");
        var partition = new List<SqlExpression>();
        if (tokens.TakeKeyword("PARTITION"))
        {
            tokens.ExpectKeyword("BY");
            do
                partition.Add(Expression());
            while (tokens.Take(","));
        }
        var when = tokens.TakeKeyword("WHEN") ? Expression() : null;
        tokens.Expect(")");
        return new SqlOver(partition, when);
    }

    // Items without alias: last path segment, function name, else a number (AWS guide: SQL reference).
    internal static string NameOf(SqlExpression expression, int ordinal) => expression switch
    {
        PathExpression path => path.Names[^1],
        MemberExpression member => member.Name,
        VariableExpression variable => variable.Name,
        CallExpression call => call.Name,
        AnalyticExpression analytic => analytic.Function.Name,
        AggregateExpression aggregate => aggregate.Function.Name,
        UnnestExpression => "unnest",
        EncodePayloadExpression => "encode",
        GetOrDefaultExpression => "get_or_default",
        _ => $"_{ordinal}",
    };

    private SqlExpression Or()
    {
        var left = And();
        while (tokens.Current.IsKeyword("OR"))
            left = Binary(SqlOperator.Or, left, And);
        return left;
    }

    private SqlExpression And()
    {
        var left = Not();
        while (tokens.Current.IsKeyword("AND"))
            left = Binary(SqlOperator.And, left, Not);
        return left;
    }

    private SqlExpression Not()
    {
        if (!tokens.Current.IsKeyword("NOT"))
            return Compare();
        var position = tokens.Current.Start;
        tokens.Advance();
        return Nested(() => Checked(new UnaryExpression(isNot: true, Not()) { Position = position }));
    }

    private SqlExpression Compare()
    {
        var left = Add();
        while (true)
        {
            if (IsEdge && SqlEdgeOperators.TryParse(tokens, this, left) is { } edge)
            {
                left = Checked(edge);
                continue;
            }
            if (tokens.Current.IsKeyword("IN"))
            {
                Require2016("IN", tokens.Current.Start);
                left = Binary(SqlOperator.In, left, Add);
                continue;
            }
            SqlOperator? comparison = tokens.Current.Kind != SqlTokenKind.Symbol ? null : tokens.Current.Text switch
            {
                "=" => SqlOperator.Equal,
                "<>" or "!=" => SqlOperator.NotEqual,
                "<" => SqlOperator.Less,
                "<=" => SqlOperator.LessOrEqual,
                ">" => SqlOperator.Greater,
                ">=" => SqlOperator.GreaterOrEqual,
                _ => null,
            };
            if (comparison is not { } found)
                return left;
            left = Binary(found, left, Add);
        }
    }

    /// <summary>An operand of a comparison.</summary>
    internal SqlExpression Add()
    {
        var left = Multiply();
        while (tokens.Current.Is("+") || tokens.Current.Is("-"))
            left = Binary(tokens.Current.Is("+") ? SqlOperator.Add : SqlOperator.Subtract, left, Multiply);
        return left;
    }

    private SqlExpression Multiply()
    {
        var left = Unary();
        while (tokens.Current.Is("*") || tokens.Current.Is("/") || tokens.Current.Is("%"))
        {
            var operation = tokens.Current.Text switch { "*" => SqlOperator.Multiply, "/" => SqlOperator.Divide, _ => SqlOperator.Remainder };
            left = Binary(operation, left, Unary);
        }
        return left;
    }

    private SqlExpression Unary()
    {
        if (!tokens.Current.Is("-"))
            return Postfix();
        var position = tokens.Current.Start;
        tokens.Advance();
        if (tokens.Current.Is("-"))
            throw new SqlSyntaxException(position, "two minus signs in a row; rule SQL has no comments", "a value, or brackets around the inner minus");
        return Nested(() => Checked(new UnaryExpression(isNot: false, Postfix()) { Position = position }));
    }

    private SqlExpression Postfix()
    {
        var position = tokens.Current.Start;
        var expression = new SqlPrimaryParser(tokens, version, this).Primary();
        List<string>? path = expression is PathExpression { Names: var names } ? [.. names] : null;
        while (true)
        {
            if (IsEdge && tokens.Current.Is("["))
            {
                expression = path is { Count: > 1 } ? new PathExpression([.. path]) { Position = position } : expression;
                expression = Checked(SqlEdgeOperators.Index(tokens, this, expression));
                path = null;
                continue;
            }
            if (!tokens.Take("."))
                break;
            if (tokens.Current.Kind != SqlTokenKind.Identifier)
                throw tokens.Unexpected("a name; get(object, 'key') reads keys that are no names");
            var name = tokens.Current.Text;
            tokens.Advance();
            if (path is not null)
                path.Add(name);
            else
                expression = Checked(new MemberExpression(expression, name) { Position = position });
        }
        return path is { Count: > 1 } ? new PathExpression([.. path]) { Position = position } : expression;
    }

    private BinaryExpression Binary(SqlOperator operation, SqlExpression left, Func<SqlExpression> operand)
    {
        var position = tokens.Current.Start;
        tokens.Advance();
        return Checked(new BinaryExpression(operation, left, operand()) { Position = position });
    }

    private T Nested<T>(Func<T> parse)
    {
        if (++_nesting > SqlLimits.MaxNesting)
            throw new SqlSyntaxException(tokens.Current.Start, $"expressions are nested deeper than {SqlLimits.MaxNesting} levels", "a flatter statement");
        var result = parse();
        _nesting--;
        return result;
    }

    private static T Checked<T>(T expression) where T : SqlExpression => expression.Height <= MaxHeight
        ? expression
        : throw new SqlSyntaxException(expression.Position, $"more than {MaxHeight} operators hang on one another", "a shorter expression");

    public static bool IsReserved(string word) => Reserved.Contains(word);
}
