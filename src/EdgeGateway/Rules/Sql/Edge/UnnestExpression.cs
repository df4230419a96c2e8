using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>`unnest(array)`: one outgoing message per item.</summary>
internal sealed class UnnestExpression : BoundExpression
{
    public UnnestExpression(SqlExpression array)
    {
        Array = array;
        Height = HeightOver(array);
    }

    public SqlExpression Array { get; }

    public override IReadOnlyList<SqlExpression> Children => [Array];

    public override void Print(StringBuilder sql)
    {
        sql.Append("unnest(");
        Array.Print(sql);
        sql.Append(')');
    }
}
