namespace EdgeGateway.Broker;

/// <summary>
/// The children of a trie node by level name. One writer at a time; readers take no lock: an insert publishes a ready node into a free
/// slot, and growth swaps in a whole new table.
/// </summary>
/// <remarks>Hot path: look-up compares a 32-bit hash, then the bytes; 0 bytes allocated.</remarks>
internal sealed class LevelTable<TNode> where TNode : class, ILevelNode
{
    private TNode?[] _slots = new TNode?[4];
    private int _used;

    public int Count { get; private set; }

    public TNode? Find(ReadOnlySpan<byte> level, int hash)
    {
        var slots = Volatile.Read(ref _slots);
        for (var i = hash & (slots.Length - 1); ; i = (i + 1) & (slots.Length - 1))
        {
            var node = Volatile.Read(ref slots[i]);
            if (node is null)
                return null;
            if (node.LevelHash == hash && !node.IsRemoved && level.SequenceEqual(node.Level))
                return node;
        }
    }

    public void Add(TNode node)
    {
        if ((_used + 1) * 4 > _slots.Length * 3)
            Grow();
        Insert(_slots, node);
        _used++;
        Count++;
    }

    /// <summary>The caller has marked the node as removed; its slot is reclaimed when the table next grows.</summary>
    public void Removed() => Count--;

    /// <summary>The slots as they are now: empty ones are null, and a removed node may still stand in one.</summary>
    public ReadOnlySpan<TNode?> Slots => Volatile.Read(ref _slots);

    public IEnumerable<TNode> All()
    {
        foreach (var node in Volatile.Read(ref _slots))
            if (node is { IsRemoved: false })
                yield return node;
    }

    private void Grow()
    {
        var wanted = 4;
        while (wanted * 3 < (Count + 1) * 4 + wanted)
            wanted *= 2;
        var slots = new TNode?[wanted];
        _used = 0;
        foreach (var node in _slots)
            if (node is { IsRemoved: false })
            {
                Insert(slots, node);
                _used++;
            }
        Volatile.Write(ref _slots, slots);
    }

    private static void Insert(TNode?[] slots, TNode node)
    {
        var i = node.LevelHash & (slots.Length - 1);
        while (slots[i] is not null)
            i = (i + 1) & (slots.Length - 1);
        Volatile.Write(ref slots[i], node);
    }
}
