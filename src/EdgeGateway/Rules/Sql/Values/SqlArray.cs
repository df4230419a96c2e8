using System.Collections;

namespace EdgeGateway.Rules.Sql;

/// <summary>Items in order, with what they weigh. Not changed after construction.</summary>
internal sealed class SqlArray : IReadOnlyList<SqlValue>
{
    private readonly List<SqlValue> _items;

    public SqlArray(List<SqlValue> items)
    {
        _items = items;
        foreach (var item in items)
            Weight += item.Weight;
    }

    /// <summary>About the bytes of its JSON: values share parts, so a small expression may stand for a huge document.</summary>
    public long Weight { get; } = 2;

    public int Count => _items.Count;

    public SqlValue this[int index] => _items[index];

    public List<SqlValue>.Enumerator GetEnumerator() => _items.GetEnumerator();

    IEnumerator<SqlValue> IEnumerable<SqlValue>.GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}
