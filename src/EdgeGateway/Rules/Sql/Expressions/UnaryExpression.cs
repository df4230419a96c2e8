using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>`NOT x` or `-x`.</summary>
internal sealed class UnaryExpression : SqlExpression
{
    private readonly bool _isNot;
    private readonly SqlExpression _operand;

    public UnaryExpression(bool isNot, SqlExpression operand)
    {
        (_isNot, _operand) = (isNot, operand);
        Height = HeightOver(operand);
    }

    public bool IsNot => _isNot;

    public override IReadOnlyList<SqlExpression> Children => [_operand];

    public override SqlValue Evaluate(SqlEvaluation evaluation)
    {
        if (!evaluation.TryStep())
            return default;
        var operand = _operand.Evaluate(evaluation);
        return _isNot ? SqlOperators.Not(operand) : SqlOperators.Negate(operand, evaluation.Version);
    }

    public override void Print(StringBuilder sql)
    {
        sql.Append(_isNot ? "(NOT " : "(-");
        _operand.Print(sql);
        sql.Append(')');
    }
}
