using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>True if the subquery yields at least one element.</summary>
internal sealed class ExistsExpression : SqlExpression
{
    private readonly SubqueryExpression _subquery;

    public ExistsExpression(SubqueryExpression subquery)
    {
        _subquery = subquery;
        Height = HeightOver(subquery);
    }

    public override IReadOnlyList<SqlExpression> Children => [_subquery];

    public override SqlValue Evaluate(SqlEvaluation evaluation) => _subquery.HasAny(evaluation);

    public override void Print(StringBuilder sql)
    {
        sql.Append("EXISTS ");
        _subquery.Print(sql);
    }
}
