namespace EdgeGateway.Shadows;

/// <summary>
/// The shadows used lately, in two generations: when the young one has taken half of the room, the old one is dropped and the young one grows old.
/// What is used moves back to the young one; what still has answers to send is never dropped.
/// </summary>
internal sealed class ShadowCache(long maxBytes)
{
    private const int EntryBytes = 160;              // entry, key and place in the table, beside the document
    private readonly Lock _gate = new();             // guards the fields below
    private Dictionary<ShadowId, ShadowEntry> _young = [];
    private Dictionary<ShadowId, ShadowEntry> _old = [];
    private long _youngBytes;

    public int Count
    {
        get
        {
            lock (_gate)
                return _young.Count + _old.Count;
        }
    }

    public ShadowEntry? Find(ShadowId shadow)
    {
        lock (_gate)
        {
            if (_young.TryGetValue(shadow, out var entry))
                return entry;
            if (!_old.Remove(shadow, out entry))
                return null;
            AddYoung(shadow, entry);
            return entry;
        }
    }

    /// <summary>Replaces what is there under this name.</summary>
    public void Put(ShadowId shadow, ShadowEntry entry)
    {
        lock (_gate)
        {
            _old.Remove(shadow);
            _young.Remove(shadow);
            AddYoung(shadow, entry);
        }
    }

    private void AddYoung(ShadowId shadow, ShadowEntry entry)
    {
        _young[shadow] = entry;
        _youngBytes += EntryBytes + entry.Durable.MemoryBytes + shadow.Thing.Length * 2 + shadow.Name.Length * 2;
        if (_youngBytes <= maxBytes / 2)
            return;
        var busy = _old.Where(static pair => pair.Value.Pending > 0).ToList();
        _old = _young;
        _young = [];
        _youngBytes = 0;
        foreach (var (name, used) in busy)
            _old[name] = used;
    }
}
