using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>A node of a parsed statement, its functions and paths already bound: syntax tree and plan in one.</summary>
internal abstract class SqlExpression
{
    /// <summary>Index in the statement, for messages.</summary>
    public int Position { get; init; }

    /// <summary>Longest way down; bounds the recursion of evaluation.</summary>
    public int Height { get; protected init; } = 1;

    /// <summary>The expressions it is made of, from left to right.</summary>
    public virtual IReadOnlyList<SqlExpression> Children => [];

    public abstract SqlValue Evaluate(SqlEvaluation evaluation);

    /// <summary>Writes SQL that parses to the same tree.</summary>
    public abstract void Print(StringBuilder sql);

    public override string ToString()
    {
        var sql = new StringBuilder();
        Print(sql);
        return sql.ToString();
    }

    protected static int HeightOver(params ReadOnlySpan<SqlExpression?> children)
    {
        var highest = 0;
        foreach (var child in children)
            highest = Math.Max(highest, child?.Height ?? 0);
        return highest + 1;
    }

    protected static void PrintList(StringBuilder sql, IReadOnlyList<SqlExpression> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                sql.Append(", ");
            items[i].Print(sql);
        }
    }

    protected static void PrintString(StringBuilder sql, string text) =>
        sql.Append('\'').Append(text.Replace("'", "''", StringComparison.Ordinal)).Append('\'');
}
