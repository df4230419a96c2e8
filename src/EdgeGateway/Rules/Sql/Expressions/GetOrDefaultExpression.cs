using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>`get_or_default(expr [, default])`: the default for Null, Undefined and a failed look-up (AWS guide: SQL functions).</summary>
internal sealed class GetOrDefaultExpression : SqlExpression
{
    private readonly SqlExpression _expression;
    private readonly SqlExpression? _default;

    public GetOrDefaultExpression(SqlExpression expression, SqlExpression? @default)
    {
        (_expression, _default) = (expression, @default);
        Height = HeightOver(expression, @default);
    }

    public SqlExpression Expression => _expression;

    public SqlExpression? Default => _default;

    public override IReadOnlyList<SqlExpression> Children => _default is null ? [_expression] : [_expression, _default];

    public override SqlValue Evaluate(SqlEvaluation evaluation)
    {
        if (!evaluation.TryStep())
            return default;
        var value = _expression.Evaluate(evaluation);
        if (evaluation.Failure is { IsLimit: false })
            (evaluation.Failure, value) = (null, default);
        return value.Kind is SqlKind.Undefined or SqlKind.Null ? _default?.Evaluate(evaluation) ?? default : value;
    }

    public override void Print(StringBuilder sql)
    {
        sql.Append("get_or_default(");
        _expression.Print(sql);
        if (_default is not null)
        {
            sql.Append(", ");
            _default.Print(sql);
        }
        sql.Append(')');
    }
}
