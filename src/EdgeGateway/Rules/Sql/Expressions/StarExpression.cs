using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>`*`: the current item in a subquery, else the payload.</summary>
internal sealed class StarExpression : SqlExpression
{
    /// <summary>`* EXCEPT(a, b)`, of edge-1: members left out.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>`* REPLACE(expr AS a)`, of edge-1: members with another value.</summary>
    public IReadOnlyList<(string Name, SqlExpression Value)> Replace { get; init; } = [];

    public bool IsPlain => Except.Count == 0 && Replace.Count == 0;

    public override IReadOnlyList<SqlExpression> Children => [.. Replace.Select(static member => member.Value)];

    public override SqlValue Evaluate(SqlEvaluation evaluation) =>
        evaluation.Scope is { } scope ? scope.Item : evaluation.Message.Body.Root(evaluation.Version);

    public override void Print(StringBuilder sql)
    {
        sql.Append('*');
        if (Except.Count > 0)
            sql.Append(" EXCEPT(").AppendJoin(", ", Except.Select(SqlLexer.Quoted)).Append(')');
        for (var i = 0; i < Replace.Count; i++)
        {
            sql.Append(i == 0 ? " REPLACE(" : ", ");
            Replace[i].Value.Print(sql);
            sql.Append(" AS ").Append(SqlLexer.Quoted(Replace[i].Name));
        }
        if (Replace.Count > 0)
            sql.Append(')');
    }
}
