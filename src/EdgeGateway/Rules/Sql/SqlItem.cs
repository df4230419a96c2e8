using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <param name="Path">Where the value goes: the alias split at its dots, or the name the item has of itself.</param>
/// <param name="HasAlias">Whether the alias was written.</param>
internal sealed record SqlItem(SqlExpression Expression, IReadOnlyList<string> Path, bool HasAlias)
{
    /// <summary>A `*` that copies members rather than putting the payload under a name.</summary>
    public bool IsSpread => Expression is StarExpression && !HasAlias;

    /// <summary>`changed_cols(…)` without a name: its members go into the payload one by one.</summary>
    public bool IsMerged => Expression is AnalyticExpression { Function.Name: "changed_cols" } or UnnestExpression && !HasAlias;

    public void Print(StringBuilder sql)
    {
        Expression.Print(sql);
        if (HasAlias)
            sql.Append(" AS ").AppendJoin('.', Path.Select(static name => SqlLexer.IsIdentifier(name) ? name : $"`{name}`"));
    }
}
