namespace EdgeGateway.Rules.Sql;

/// <summary>Messages a window holds, bounded in number and bytes; beyond that the oldest go.</summary>
internal sealed class HeldEvents(SqlRunOptions options)
{
    private readonly LinkedList<SqlEvent> _events = new();
    private int _bytes;

    public int Count => _events.Count;

    public IEnumerable<SqlEvent> All => _events;

    /// <returns>How many had to go.</returns>
    public int Add(SqlEvent taken)
    {
        _events.AddLast(taken);
        _bytes += taken.Size;
        var gone = 0;
        while (_events.Count > 1 && (_events.Count > options.MaxEvents || _bytes > options.MaxEventBytes))
        {
            RemoveFirst();
            gone++;
        }
        return gone;
    }

    public void KeepLast(int count)
    {
        while (_events.Count > count)
            RemoveFirst();
    }

    /// <summary>Drops those before this time.</summary>
    public void KeepFrom(long time)
    {
        while (_events.First is { } first && first.Value.Time < time)
            RemoveFirst();
    }

    public void Clear() => KeepLast(0);

    public SqlValue Save() => SqlValue.Array([.. _events.Select(static held => held.Save())]);

    public void Load(SqlValue state)
    {
        foreach (var item in state.AsArray)
            Add(SqlEvent.Load(item));
    }

    private void RemoveFirst()
    {
        _bytes -= _events.First!.Value.Size;
        _events.RemoveFirst();
    }
}
