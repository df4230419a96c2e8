using System.Collections;
using System.Collections.Immutable;

namespace EdgeGateway.Registry;

/// <summary>Immutable, in ordinal order of names, with access by name and by position in O(log n): a page starts anywhere at once.</summary>
internal sealed class NameIndex<T> : IReadOnlyList<T> where T : class, INamed
{
    private readonly ImmutableSortedSet<INamed> _items;

    private NameIndex(ImmutableSortedSet<INamed> items) => _items = items;

    public static NameIndex<T> Empty { get; } = new(ImmutableSortedSet.Create<INamed>(ByName.Instance));

    public int Count => _items.Count;
    public T this[int index] => (T)_items[index];

    public static NameIndex<T> Of(IEnumerable<T> items) => new(ImmutableSortedSet.CreateRange<INamed>(ByName.Instance, items));

    public T? Find(string name) => _items.TryGetValue(new Probe(name), out var found) ? (T)found : null;

    /// <summary>Adds or replaces.</summary>
    public NameIndex<T> With(T item) => new(_items.Remove(item).Add(item));

    public NameIndex<T> Without(string name) => new(_items.Remove(new Probe(name)));

    public IEnumerator<T> GetEnumerator()
    {
        foreach (var item in _items)
            yield return (T)item;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed record Probe(string Name) : INamed;

    private sealed class ByName : IComparer<INamed>
    {
        public static ByName Instance { get; } = new();

        public int Compare(INamed? x, INamed? y) => string.CompareOrdinal(x?.Name, y?.Name);
    }
}
