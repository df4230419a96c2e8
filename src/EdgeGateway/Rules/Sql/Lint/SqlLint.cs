namespace EdgeGateway.Rules.Sql;

/// <summary>
/// Finds what parses but cannot be meant (docs/rules.md): calls and comparisons that are always Undefined and why, conditions that
/// never or always hold, branches that are never reached, aliases in WHERE, levels the topic does not have.
/// </summary>
internal sealed class SqlLint
{
    private readonly SqlStatement _statement;
    private readonly SqlKindInference _kinds;
    private readonly List<SqlError> _findings = [];

    private SqlLint(SqlStatement statement) => (_statement, _kinds) = (statement, new SqlKindInference(statement.Version));

    /// <summary>In the order of the statement; <see cref="SqlError.Expected"/> says what to do where that is known.</summary>
    public static IReadOnlyList<SqlError> Of(SqlStatement statement)
    {
        var lint = new SqlLint(statement);
        foreach (var (_, value) in statement.Sets)
            lint.Visit(value);
        foreach (var item in statement.Selection.Items)
            lint.Visit(item.Expression);
        if (statement.Where is { } where)
            lint.VisitWhere(where);
        return [.. lint._findings.OrderBy(static finding => finding.Line).ThenBy(static finding => finding.Column)];
    }

    /// <summary>How many arguments a function takes, in words.</summary>
    public static string Count(SqlFunction function) => (function.MinArguments, function.MaxArguments) switch
    {
        (0, 0) => "no arguments",
        (1, 1) => "1 argument",
        var (least, most) when least == most => $"{least} arguments",
        (var least, int.MaxValue) => $"{least} arguments or more",
        var (least, most) when most == least + 1 => $"{least} or {most} arguments",
        var (least, most) => $"{least} to {most} arguments",
    };

    private void Visit(SqlExpression expression)
    {
        var before = _findings.Count;
        foreach (var child in expression.Children)
            Visit(child);
        if (_findings.Count > before)
            return; // the part is named already; what is around it only follows from it
        switch (expression)
        {
            case BinaryExpression binary:
                VisitBinary(binary);
                break;
            case UnaryExpression { IsNot: true } not when !MayBeTrue(not.Children[0]):
                Add(not, $"always Undefined: NOT wants true or false, and {Describe(not.Children[0])}");
                break;
            case CastExpression { Type: SqlCastType.Unknown } cast:
                Add(cast, $"always Undefined: there is no type {cast.TypeName}", "String, Int, Decimal or Boolean");
                break;
            case CaseExpression choice:
                VisitCase(choice);
                break;
            case CallExpression call:
                SqlCallLint.Visit(call, _kinds, _statement, Add);
                break;
            case EncodePayloadExpression encode when _kinds.TryConstant(encode.Children[0], out var scheme) && !(scheme.Kind == SqlKind.String && scheme.AsString == "base64"):
                Add(encode, $"always Undefined: encode knows no scheme {scheme}", "'base64'");
                break;
        }
    }

    private void VisitWhere(SqlExpression where)
    {
        var before = _findings.Count;
        Visit(where);
        foreach (var path in Paths(where))
        {
            if (_statement.Selection.Items.FirstOrDefault(item => item.HasAlias && item.Path[0] == path.Names[0]) is { } item
                && item.Expression is not StarExpression && !Paths(item.Expression).Any(used => used.Names[0] == path.Names[0]))
                Add(path, $"WHERE does not see the name {path.Names[0]} given by SELECT: it reads an attribute {path.Names[0]} of the message", $"{SqlExplanation.Bare(item.Expression)}, if that is meant");
        }
        if (_findings.Count == before && _kinds.TryConstant(where, out var value))
            Add(where, value.TryBoolean(out var holds) && holds ? "WHERE always holds" : $"WHERE never holds: it is {value}, so the rule never fires");
    }

    private static IEnumerable<PathExpression> Paths(SqlExpression expression) => expression switch
    {
        PathExpression path => [path],
        SubqueryExpression or ExistsExpression => [],
        _ => expression.Children.SelectMany(Paths),
    };

    private void VisitBinary(BinaryExpression binary)
    {
        var symbol = BinaryExpression.Symbol(binary.Operator);
        switch (binary.Operator)
        {
            case SqlOperator.And or SqlOperator.Or:
                foreach (var side in binary.Children)
                {
                    if (!MayBeTrue(side))
                        Add(side, $"always Undefined: {symbol} wants true or false, and {Describe(side)}");
                }
                break;
            case SqlOperator.In when (_kinds.KindsOf(binary.Right) & SqlKinds.Array) == 0:
                Add(binary.Right, $"always Undefined: IN wants an Array, and {Describe(binary.Right)}", "a list such as [1, 2]");
                break;
            case SqlOperator.Equal or SqlOperator.NotEqual:
                VisitEquality(binary);
                break;
            case SqlOperator.Add when !MayBe(binary.Left, SqlKinds.String | SqlKinds.Number) || !MayBe(binary.Right, SqlKinds.Any & ~(SqlKinds.Null | SqlKinds.Undefined)):
                Add(binary, $"always Undefined: + adds numbers or joins Strings, and {Describe(MayBe(binary.Left, SqlKinds.String | SqlKinds.Number) ? binary.Right : binary.Left)}");
                break;
            case SqlOperator.Less or SqlOperator.LessOrEqual or SqlOperator.Greater or SqlOperator.GreaterOrEqual
                or SqlOperator.Subtract or SqlOperator.Multiply or SqlOperator.Divide or SqlOperator.Remainder:
                foreach (var side in binary.Children)
                {
                    if (!MayBeNumber(side))
                        Add(side, $"always Undefined: {symbol} wants numbers, and {Describe(side)}", NameOf(side));
                }
                if (binary.Operator is SqlOperator.Divide or SqlOperator.Remainder && _kinds.TryConstant(binary.Right, out var divisor) && divisor.TryNumber(out var number) && number.IsZero)
                    Add(binary, "always Undefined: a division by zero");
                break;
        }
    }

    private void VisitEquality(BinaryExpression binary)
    {
        var (left, right) = (_kinds.KindsOf(binary.Left), _kinds.KindsOf(binary.Right));
        if (left == SqlKinds.Undefined || right == SqlKinds.Undefined)
            Add(binary, $"always Undefined: {Describe(left == SqlKinds.Undefined ? binary.Left : binary.Right)}");
        else if ((left & right & ~SqlKinds.Undefined) == 0)
            Add(binary, $"{(binary.Operator == SqlOperator.Equal ? "never true" : "true whatever is compared")}: {Describe(binary.Left)}, {Describe(binary.Right)}, and values of different types are not equal");
    }

    private void VisitCase(CaseExpression choice)
    {
        var seen = new List<SqlValue>();
        foreach (var (when, _) in choice.Branches)
        {
            if (!_kinds.TryConstant(when, out var value) || value.IsUndefined)
                continue;
            if (seen.Any(value.IsSame))
                Add(when, $"never reached: an earlier WHEN is {value} too");
            seen.Add(value);
        }
    }

    private bool MayBe(SqlExpression expression, SqlKinds kinds) => (_kinds.KindsOf(expression) & kinds) != 0;

    private bool MayBeTrue(SqlExpression expression) =>
        _kinds.TryConstant(expression, out var value) ? value.TryBoolean(out _) : MayBe(expression, SqlKinds.Boolean | SqlKinds.String);

    private bool MayBeNumber(SqlExpression expression) =>
        _kinds.TryConstant(expression, out var value) ? value.TryNumber(out _) : MayBe(expression, SqlKinds.Number | SqlKinds.String);

    private string Describe(SqlExpression expression)
    {
        if (_kinds.TryConstant(expression, out var value))
            return $"{SqlExplanation.Bare(expression)} is {(value.IsUndefined ? "Undefined" : $"the {value.Kind} {value}")}".Replace("Int ", "number ", StringComparison.Ordinal).Replace("Decimal ", "number ", StringComparison.Ordinal);
        var kinds = _kinds.KindsOf(expression) & ~SqlKinds.Undefined;
        return $"{SqlExplanation.Bare(expression)} is a {kinds}".Replace("a Array", "an Array", StringComparison.Ordinal).Replace("a Object", "an Object", StringComparison.Ordinal);
    }

    // "temperature" > 30: both quotes make Strings, and an attribute was meant.
    private static string NameOf(SqlExpression side) =>
        side is LiteralExpression { Value: { Kind: SqlKind.String } text } && SqlLexer.IsIdentifier(text.AsString) ? $"{text.AsString} without quotes, if the attribute is meant" : "";

    private void Add(SqlExpression expression, string message, string expected = "") =>
        _findings.Add(SqlError.At(_statement.Text, expression.Position, message, expected));
}
