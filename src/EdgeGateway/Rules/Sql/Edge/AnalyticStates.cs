namespace EdgeGateway.Rules.Sql;

/// <summary>The states of one stateful function, one per partition; the least used goes when there are too many.</summary>
internal sealed class AnalyticStates(int maxKeys)
{
    private readonly Dictionary<string, LinkedListNode<Entry>> _byKey = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();

    /// <summary>Keys whose state was given up.</summary>
    public long Evicted { get; private set; }

    internal sealed class Entry(string key)
    {
        public string Key => key;

        public SqlValue State { get; set; }

        /// <summary>What the function said last.</summary>
        public SqlValue Value { get; set; }

        /// <summary>When a timed function speaks by itself, Unix milliseconds; null: it does not.</summary>
        public long? Due { get; set; }

        /// <summary>The last message, which a timed function speaks about.</summary>
        public SqlEvent? Latest { get; set; }
    }

    public IEnumerable<Entry> All => _byUse;

    public Entry Of(string key)
    {
        if (_byKey.TryGetValue(key, out var node))
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value;
        }
        if (_byKey.Count >= maxKeys)
        {
            Evicted++;
            _byKey.Remove(_byUse.First!.Value.Key);
            _byUse.RemoveFirst();
        }
        _byKey[key] = _byUse.AddLast(new Entry(key));
        return _byUse.Last!.Value;
    }

    public SqlValue Save() => SqlValue.Array([.. _byUse.Select(static entry =>
    {
        var saved = new SqlObject(5);
        saved.Set("k", entry.Key);
        saved.Set("s", Wrap(entry.State));
        saved.Set("v", Wrap(entry.Value));
        if (entry.Due is { } due)
            saved.Set("d", due);
        if (entry.Latest is { } latest)
            saved.Set("m", latest.Save());
        return (SqlValue)saved;
    })]);

    public void Load(SqlValue states)
    {
        foreach (var item in states.AsArray)
        {
            var saved = item.AsObject;
            var entry = Of(saved.Get("k").AsString);
            (entry.State, entry.Value) = (Unwrap(saved.Get("s")), Unwrap(saved.Get("v")));
            entry.Due = saved.TryGet("d", out var due) ? SqlEvent.Number(due) : null;
            entry.Latest = saved.TryGet("m", out var latest) ? SqlEvent.Load(latest) : null;
        }
    }

    // Undefined is nothing JSON has.
    private static SqlValue Wrap(SqlValue value) => value.IsUndefined ? SqlValue.Array([]) : SqlAnalytics.Array(value);

    private static SqlValue Unwrap(SqlValue value) => value.AsArray.Count == 0 ? default : value.AsArray[0];
}
