using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace EdgeGateway.Registry;

/// <summary>A few attributes in order of their names: one array, because ten thousand things have ten each and a hash table costs five times as much.</summary>
internal sealed class AttributeMap : IReadOnlyDictionary<string, string>, IEquatable<AttributeMap>
{
    private readonly KeyValuePair<string, string>[] _pairs;

    private AttributeMap(KeyValuePair<string, string>[] pairs) => _pairs = pairs;

    public static AttributeMap Empty { get; } = new([]);

    public int Count => _pairs.Length;
    public IEnumerable<string> Keys => _pairs.Select(static pair => pair.Key);
    public IEnumerable<string> Values => _pairs.Select(static pair => pair.Value);
    public string this[string key] => TryGetValue(key, out var value) ? value : throw new KeyNotFoundException(key);

    /// <summary>Without those whose value is empty.</summary>
    public static AttributeMap Of(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var sorted = pairs.Where(static pair => pair.Value.Length > 0).ToArray();
        if (sorted.Length == 0)
            return Empty;
        Array.Sort(sorted, static (x, y) => string.CompareOrdinal(x.Key, y.Key));
        return new(sorted);
    }

    /// <summary>These attributes after a change.</summary>
    public AttributeMap Apply(AttributeChange change)
    {
        if (!change.Merge)
            return Of(change.Values);
        var merged = _pairs.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in change.Values)
            merged[name] = value;
        return Of(merged);
    }

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        int low = 0, high = _pairs.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = string.CompareOrdinal(_pairs[middle].Key, key);
            if (order == 0)
            {
                value = _pairs[middle].Value;
                return true;
            }
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }
        value = null;
        return false;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)_pairs).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(AttributeMap? other) => other is not null && _pairs.AsSpan().SequenceEqual(other._pairs);

    public override bool Equals(object? obj) => Equals(obj as AttributeMap);

    public override int GetHashCode() => _pairs.Length == 0 ? 0 : HashCode.Combine(_pairs.Length, _pairs[0].Key, _pairs[0].Value);
}
