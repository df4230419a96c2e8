using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>What `edge-1` adds to a statement (docs/rules.md).</summary>
internal sealed record SqlEdge
{
    /// <summary>The FROM filters from the second on.</summary>
    public IReadOnlyList<string> MoreFilters { get; init; } = [];

    /// <summary>The name of FROM's stream; null without one.</summary>
    public string? Alias { get; init; }

    /// <summary>Other streams joined in the window.</summary>
    public IReadOnlyList<SqlStreamJoin> StreamJoins { get; init; } = [];

    public IReadOnlyList<SqlJoin> Joins { get; init; } = [];

    public IReadOnlyList<SqlExpression> GroupBy { get; init; } = [];

    public SqlWindow? Window { get; init; }

    public SqlExpression? Having { get; init; }

    public IReadOnlyList<(SqlExpression Key, bool IsDescending)> OrderBy { get; init; } = [];

    public int? Limit { get; init; }

    public IReadOnlyList<AnalyticExpression> Analytics { get; init; } = [];

    public IReadOnlyList<AggregateExpression> Aggregates { get; init; } = [];

    public UnnestExpression? Unnest { get; init; }

    /// <summary>Analytics, aggregates and unnest together.</summary>
    public int Slots { get; init; }

    /// <summary>It remembers something from one message to the next.</summary>
    public bool KeepsState => Analytics.Count > 0 || Window is not null;

    /// <summary>It is run message by message rather than evaluated.</summary>
    public bool IsStateful => KeepsState || Unnest is not null;

    /// <summary>What must be the same for a state to mean the same: its functions and window, in their order.</summary>
    public string Signature
    {
        get
        {
            var sql = new StringBuilder();
            foreach (var expression in Analytics.Cast<SqlExpression>().Concat(Aggregates).Concat(GroupBy))
            {
                expression.Print(sql);
                sql.Append(';');
            }
            Window?.Print(sql);
            foreach (var join in StreamJoins)
                sql.Append(';').Append(join.Alias).Append('=').Append(join.Filter);
            return sql.ToString();
        }
    }

    public void PrintTail(StringBuilder sql)
    {
        for (var i = 0; i < GroupBy.Count; i++)
        {
            sql.Append(i == 0 ? " GROUP BY " : ", ");
            GroupBy[i].Print(sql);
        }
        if (Window is not null)
        {
            sql.Append(GroupBy.Count == 0 ? " GROUP BY " : ", ");
            Window.Print(sql);
        }
        if (Having is not null)
        {
            sql.Append(" HAVING ");
            Having.Print(sql);
        }
        for (var i = 0; i < OrderBy.Count; i++)
        {
            sql.Append(i == 0 ? " ORDER BY " : ", ");
            OrderBy[i].Key.Print(sql);
            sql.Append(OrderBy[i].IsDescending ? " DESC" : "");
        }
        if (Limit is { } limit)
            sql.Append(" LIMIT ").Append(limit);
    }
}
