using System.Collections.Frozen;

namespace EdgeGateway.Rules.Sql;

/// <summary>What can be told of an expression without a message: the types it may have, and its value where that is always the same.</summary>
internal sealed class SqlKindInference(SqlVersion version)
{
    private static readonly FrozenSet<string> Numeric = FrozenSet.Create(
        StringComparer.Ordinal, "abs", "acos", "asin", "atan", "atan2", "cos", "cosh", "exp", "ln", "log", "sin", "sinh", "sqrt", "tan", "tanh", "power", "ceil", "floor", "round",
        "trunc", "sign", "mod", "remainder", "bitand", "bitor", "bitxor", "bitnot", "rand", "indexof", "length", "numbytes", "timestamp", "time_to_epoch");

    private static readonly FrozenSet<string> Textual = FrozenSet.Create(
        StringComparer.Ordinal, "chr", "lower", "upper", "lpad", "rpad", "ltrim", "rtrim", "trim", "regexp_replace", "regexp_substr", "replace", "substring", "md2", "md5", "sha1",
        "sha224", "sha256", "sha384", "sha512", "encode", "topic", "clientid", "principal", "sourceip", "traceid", "newuuid", "accountid", "sql_version", "get_mqtt_property",
        "parse_time");

    private static readonly FrozenSet<string> Logical = FrozenSet.Create(
        StringComparer.Ordinal, "endswith", "startswith", "regexp_matches", "isnull", "isundefined");

    // Their value depends on nothing but their arguments.
    private static readonly FrozenSet<string> Pure = FrozenSet.ToFrozenSet(
        [.. Numeric.Where(static name => name is not ("rand" or "timestamp")), .. Logical, "chr", "lower", "upper", "lpad", "rpad", "ltrim", "rtrim", "trim", "regexp_replace",
            "regexp_substr", "replace", "substring", "concat", "encode", "decode", "get", "nanvl", "parse_time"], StringComparer.Ordinal);

    private readonly SqlEvaluation _nothing = new(new SqlMessage { Topic = "", Payload = default, Timestamp = 0 }, new SqlContext { Time = TimeProvider.System }, version);

    public SqlKinds KindsOf(SqlExpression expression)
    {
        if (TryConstant(expression, out var value))
            return KindOf(value);
        return expression switch
        {
            BinaryExpression { Operator: SqlOperator.Add } => SqlKinds.Number | SqlKinds.String | SqlKinds.Undefined,
            BinaryExpression { Operator: SqlOperator.Subtract or SqlOperator.Multiply or SqlOperator.Divide or SqlOperator.Remainder } => SqlKinds.Number | SqlKinds.Undefined,
            BinaryExpression => SqlKinds.Boolean | SqlKinds.Undefined,
            UnaryExpression { IsNot: true } => SqlKinds.Boolean | SqlKinds.Undefined,
            UnaryExpression => SqlKinds.Number | SqlKinds.Undefined,
            ExistsExpression => SqlKinds.Boolean,
            ArrayExpression => SqlKinds.Array,
            ObjectExpression => SqlKinds.Object,
            EncodePayloadExpression => SqlKinds.String | SqlKinds.Undefined,
            CastExpression cast => KindsOf(cast.Type) | SqlKinds.Undefined,
            CaseExpression choice => Union(choice.Branches.Select(static branch => branch.Then).Append(choice.Else).OfType<SqlExpression>()) | SqlKinds.Undefined,
            CallExpression call => KindsOf(call.Function),
            _ => SqlKinds.Any,
        };
    }

    /// <summary>The value an expression has whatever the message; false where that depends on it.</summary>
    public bool TryConstant(SqlExpression expression, out SqlValue value)
    {
        value = default;
        if (!IsConstant(expression))
            return false;
        value = expression.Evaluate(_nothing);
        return _nothing.Failure is null;
    }

    private static bool IsConstant(SqlExpression expression) => expression switch
    {
        LiteralExpression => true,
        CallExpression call => Pure.Contains(call.Name) && call.Arguments.All(IsConstant),
        BinaryExpression or UnaryExpression or CastExpression or CaseExpression or ArrayExpression or ObjectExpression => expression.Height < 64 && expression.Children.All(IsConstant),
        _ => false,
    };

    private static SqlKinds KindOf(SqlValue value) => value.Kind switch
    {
        SqlKind.Undefined => SqlKinds.Undefined,
        SqlKind.Null => SqlKinds.Null,
        SqlKind.Boolean => SqlKinds.Boolean,
        SqlKind.String => SqlKinds.String,
        SqlKind.Array => SqlKinds.Array,
        SqlKind.Object => SqlKinds.Object,
        _ => SqlKinds.Number,
    };

    private static SqlKinds KindsOf(SqlCastType type) => type switch
    {
        SqlCastType.String => SqlKinds.String,
        SqlCastType.Int or SqlCastType.Decimal => SqlKinds.Number,
        SqlCastType.Boolean => SqlKinds.Boolean,
        _ => SqlKinds.None,
    };

    private static SqlKinds KindsOf(SqlFunction function) =>
        Numeric.Contains(function.Name) ? SqlKinds.Number | SqlKinds.Undefined
        : Textual.Contains(function.Name) ? SqlKinds.String | SqlKinds.Undefined
        : Logical.Contains(function.Name) ? SqlKinds.Boolean | SqlKinds.Undefined
        : SqlKinds.Any;

    private SqlKinds Union(IEnumerable<SqlExpression> expressions) => expressions.Aggregate(SqlKinds.None, (kinds, expression) => kinds | KindsOf(expression));
}
