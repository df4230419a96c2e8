using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>The list behind SELECT, of a statement or a subquery.</summary>
internal sealed class SqlSelection(bool isValue, IReadOnlyList<SqlItem> items)
{
    public bool IsValue => isValue;

    public IReadOnlyList<SqlItem> Items => items;

    /// <summary>`SELECT *` and nothing else: passes what it finds.</summary>
    public bool IsStarAlone => items is [{ IsSpread: true, Expression: StarExpression { IsPlain: true } }];

    public SqlValue EvaluateOverItem(SqlEvaluation evaluation)
    {
        if (isValue || IsStarAlone)
            return items[0].Expression.Evaluate(evaluation);
        return Build(evaluation, evaluation.Scope!.Item);
    }

    /// <param name="source">What `*` spreads; of anything but an Object there is nothing to spread.</param>
    public SqlValue Build(SqlEvaluation evaluation, SqlValue source)
    {
        var result = items[0] is { IsSpread: true, Expression: StarExpression { IsPlain: true } } && source.Kind == SqlKind.Object ? source.AsObject.Copy(items.Count - 1) : new SqlObject(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var item = items[i];
            if (item.IsSpread)
            {
                var star = (StarExpression)item.Expression;
                if (source.Kind == SqlKind.Object && (i > 0 || !star.IsPlain))
                    Spread(evaluation, star, source.AsObject, result);
                continue;
            }
            var value = item.Expression.Evaluate(evaluation);
            if (evaluation.Failure is not null)
                return default;
            if (item.IsMerged && value.Kind == SqlKind.Object)
                Spread(evaluation, Plain, value.AsObject, result);
            else if (!value.IsUndefined)
                Put(result, item.Path, 0, value);
        }
        return evaluation.Hold(result);
    }

    public void Print(StringBuilder sql)
    {
        sql.Append(isValue ? "SELECT VALUE " : "SELECT ");
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
                sql.Append(", ");
            items[i].Print(sql);
        }
    }

    private static readonly StarExpression Plain = new();

    private static void Spread(SqlEvaluation evaluation, StarExpression star, SqlObject source, SqlObject target)
    {
        for (var i = 0; i < source.Count; i++)
        {
            var name = source[i].Key;
            if (star.Replace.FirstOrDefault(member => member.Name == name) is { Value: { } replacement })
            {
                var value = replacement.Evaluate(evaluation);
                if (!value.IsUndefined)
                    target.Set(name, value);
            }
            else if (!star.Except.Contains(name))
            {
                target.Set(name, source[i].Value);
            }
        }
    }

    // A dotted alias builds nested objects; aliases with a common prefix merge (AWS guide: SQL reference).
    private static void Put(SqlObject target, IReadOnlyList<string> path, int at, SqlValue value)
    {
        if (at == path.Count - 1)
        {
            target.Set(path[at], value);
            return;
        }
        var inner = target.Get(path[at]) is { Kind: SqlKind.Object } existing ? existing.AsObject.Copy(1) : new SqlObject();
        Put(inner, path, at + 1, value);
        target.Set(path[at], inner);
    }
}
