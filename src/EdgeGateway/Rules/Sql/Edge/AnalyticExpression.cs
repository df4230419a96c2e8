using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>`f(…) [OVER ([PARTITION BY k] [WHEN c])]` (docs/rules.md): a value that depends on the messages before.</summary>
internal sealed class AnalyticExpression : BoundExpression
{
    public AnalyticExpression(SqlAnalytic function, IReadOnlyList<SqlExpression> arguments, SqlOver over)
    {
        (Function, Arguments, Over) = (function, arguments, over);
        Height = HeightOver([.. arguments, .. over.Partition, over.When]);
    }

    public SqlAnalytic Function { get; }

    public IReadOnlyList<SqlExpression> Arguments { get; }

    public SqlOver Over { get; }

    public override IReadOnlyList<SqlExpression> Children => [.. Arguments, .. Over.Partition, .. Over.When is null ? (SqlExpression[])[] : [Over.When]];

    public override void Print(StringBuilder sql)
    {
        sql.Append(Function.Name).Append('(');
        PrintList(sql, Arguments);
        sql.Append(')');
        Over.Print(sql);
    }
}
