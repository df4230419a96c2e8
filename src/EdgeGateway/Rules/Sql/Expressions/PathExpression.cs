using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>An attribute by its path, `a.b.c`: read straight from the payload's bytes, or from the item of a subquery.</summary>
internal sealed class PathExpression(string[] names) : SqlExpression
{
    private readonly byte[][] _utf8 = [.. names.Select(Encoding.UTF8.GetBytes)];

    public IReadOnlyList<string> Names => names;

    public override SqlValue Evaluate(SqlEvaluation evaluation)
    {
        for (var scope = evaluation.Scope; scope is not null; scope = scope.Outer)
        {
            if (scope.Alias is not null && scope.Alias == names[0])
                return Walk(scope.Item, 1);
            if (scope.Item.Kind == SqlKind.Object && scope.Item.AsObject.TryGet(names[0], out var member))
                return Walk(member, 1);
        }
        if (evaluation.Joined is { } joined && joined.TryGetValue(names[0], out var row))
            return Walk(row, 1);
        return evaluation.Message.Body.Find(_utf8, evaluation.Version);
    }

    public override void Print(StringBuilder sql) => PrintNames(sql);

    private void PrintNames(StringBuilder sql)
    {
        for (var i = 0; i < names.Length; i++)
            sql.Append(i == 0 ? "" : ".").Append(i == 0 ? SqlLexer.Quoted(names[i]) : SqlLexer.QuotedMember(names[i]));
    }

    private SqlValue Walk(SqlValue value, int from)
    {
        for (var i = from; i < names.Length; i++)
            value = value.Kind == SqlKind.Object ? value.AsObject.Get(names[i]) : default;
        return value;
    }
}
