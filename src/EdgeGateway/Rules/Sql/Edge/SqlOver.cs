using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <param name="Partition">Keys that have a state of their own; empty: one state for the rule.</param>
/// <param name="When">Messages that fail it neither change the state nor the value; null: all count.</param>
internal sealed record SqlOver(IReadOnlyList<SqlExpression> Partition, SqlExpression? When)
{
    public static SqlOver All { get; } = new([], null);

    public void Print(StringBuilder sql)
    {
        if (Partition.Count == 0 && When is null)
            return;
        sql.Append(" OVER (");
        for (var i = 0; i < Partition.Count; i++)
        {
            sql.Append(i == 0 ? "PARTITION BY " : ", ");
            Partition[i].Print(sql);
        }
        if (When is not null)
        {
            sql.Append(Partition.Count > 0 ? " WHEN " : "WHEN ");
            When.Print(sql);
        }
        sql.Append(')');
    }
}
