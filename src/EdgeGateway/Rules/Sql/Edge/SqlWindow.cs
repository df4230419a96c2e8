using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>The window of a GROUP BY. Which of the fields count depends on the kind.</summary>
/// <param name="Length">Milliseconds: of the window; of a session at most.</param>
/// <param name="Step">Milliseconds: hop, delay of a sliding window, silence that ends a session.</param>
/// <param name="Count">Messages of a count window.</param>
/// <param name="Every">Messages between two firings of a count window.</param>
/// <param name="Begin">State window: opens it, or fires and begins anew where there is no end.</param>
/// <param name="When">Sliding window: the messages that fire it; null: each.</param>
/// <param name="Partition">State window: keys with a window of their own.</param>
/// <param name="Filter">`FILTER (WHERE …)`: what may enter.</param>
/// <param name="Text">As printed, without FILTER and OVER.</param>
internal sealed record SqlWindow(
    SqlWindowKind Kind,
    long Length,
    long Step,
    int Count,
    int Every,
    bool IsInDays,
    SqlExpression? Begin,
    SqlExpression? End,
    SqlExpression? When,
    IReadOnlyList<SqlExpression> Partition,
    SqlExpression? Filter,
    string Text)
{
    public IEnumerable<SqlExpression> Expressions => ((SqlExpression?[])[Begin, End, When, Filter]).OfType<SqlExpression>().Concat(Partition);

    public void Print(StringBuilder sql)
    {
        sql.Append(Text);
        if (Begin is not null)
        {
            sql.Append('(');
            Begin.Print(sql);
            if (End is not null)
            {
                sql.Append(", ");
                End.Print(sql);
            }
            sql.Append(')');
        }
        new SqlOver(Partition, When).Print(sql);
        if (Filter is null)
            return;
        sql.Append(" FILTER (WHERE ");
        Filter.Print(sql);
        sql.Append(')');
    }
}
