using System.Diagnostics.CodeAnalysis;

namespace EdgeGateway.Rules.Sql;

/// <summary>Members in the order they came; a name set again keeps its place. Not changed once it is part of a value others hold.</summary>
internal sealed class SqlObject
{
    // Below this a scan is cheaper than hashing.
    private const int ScanLimit = 8;
    private readonly List<KeyValuePair<string, SqlValue>> _members;
    private Dictionary<string, int>? _index;

    public SqlObject(int capacity = 4) => _members = new(capacity);

    /// <summary>About the bytes of its JSON, as <see cref="SqlArray.Weight"/>.</summary>
    public long Weight { get; private set; } = 2;

    public int Count => _members.Count;

    public KeyValuePair<string, SqlValue> this[int index] => _members[index];

    public bool TryGet(string name, out SqlValue value)
    {
        var at = IndexOf(name);
        value = at < 0 ? default : _members[at].Value;
        return at >= 0;
    }

    public SqlValue Get(string name) => TryGet(name, out var value) ? value : default;

    public void Set(string name, SqlValue value)
    {
        var at = IndexOf(name);
        if (at >= 0)
        {
            Weight += value.Weight - _members[at].Value.Weight;
            _members[at] = new(name, value);
            return;
        }
        Weight += name.Length + 4 + value.Weight;
        _members.Add(new(name, value));
        _index?.Add(name, _members.Count - 1);
    }

    public SqlObject Copy(int room = 0)
    {
        var copy = new SqlObject(_members.Count + room);
        copy._members.AddRange(_members);
        copy.Weight = Weight;
        return copy;
    }

    public bool IsEqualTo(SqlObject other)
    {
        if (Count != other.Count)
            return false;
        foreach (var (name, value) in _members)
        {
            if (!other.TryGet(name, out var counterpart) || !value.IsSame(counterpart))
                return false;
        }
        return true;
    }

    [SuppressMessage("Performance", "CA1854", Justification = "The index is built here.")]
    private int IndexOf(string name)
    {
        if (_members.Count <= ScanLimit)
        {
            for (var i = 0; i < _members.Count; i++)
            {
                if (_members[i].Key == name)
                    return i;
            }
            return -1;
        }
        if (_index is null)
        {
            var index = new Dictionary<string, int>(_members.Count, StringComparer.Ordinal);
            for (var i = 0; i < _members.Count; i++)
                index[_members[i].Key] = i;
            _index = index;
        }
        return _index.TryGetValue(name, out var at) ? at : -1;
    }
}
