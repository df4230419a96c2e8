using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>`sum(x)` and its like over the messages of a window (docs/rules.md).</summary>
internal sealed class AggregateExpression : BoundExpression
{
    public AggregateExpression(SqlAggregate function, IReadOnlyList<SqlExpression> arguments)
    {
        (Function, Arguments) = (function, arguments);
        Height = HeightOver([.. arguments]);
    }

    public SqlAggregate Function { get; }

    public IReadOnlyList<SqlExpression> Arguments { get; }

    public override IReadOnlyList<SqlExpression> Children => Arguments;

    public override void Print(StringBuilder sql)
    {
        sql.Append(Function.Name).Append('(');
        PrintList(sql, Arguments);
        sql.Append(')');
    }
}
