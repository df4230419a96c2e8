using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>`[a, b]`; Undefined items are left out (AWS guide: SQL operators).</summary>
internal sealed class ArrayExpression : SqlExpression
{
    private readonly SqlExpression[] _items;

    public ArrayExpression(SqlExpression[] items)
    {
        _items = items;
        Height = HeightOver(items);
    }

    public override IReadOnlyList<SqlExpression> Children => _items;

    public override SqlValue Evaluate(SqlEvaluation evaluation)
    {
        if (!evaluation.TryStep())
            return default;
        var values = new List<SqlValue>(_items.Length);
        foreach (var item in _items)
        {
            var value = item.Evaluate(evaluation);
            if (!value.IsUndefined)
                values.Add(value);
        }
        return evaluation.Hold(SqlValue.Array(values));
    }

    public override void Print(StringBuilder sql)
    {
        sql.Append('[');
        PrintList(sql, _items);
        sql.Append(']');
    }
}
