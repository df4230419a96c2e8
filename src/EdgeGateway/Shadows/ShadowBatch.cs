namespace EdgeGateway.Shadows;

/// <summary>What was decided in one go: one write, and the answers that wait for it or for the answers before them.</summary>
internal sealed class ShadowBatch
{
    private readonly Dictionary<ShadowId, int> _saveOf = [];
    private readonly List<ShadowSave> _saves = [];
    private readonly List<ShadowHistoryEntry> _history = [];

    public List<ShadowDecision> Decisions { get; } = [];

    /// <summary>Position of the last request in it.</summary>
    public long LastPosition { get; set; }

    /// <summary>Completes when the changes are on disk.</summary>
    public Task Written { get; private set; } = Task.CompletedTask;

    /// <summary>It holds changes, not only answers that wait.</summary>
    public bool HasChanges => _saves.Count > 0;

    public bool IsEmpty => Decisions.Count == 0;

    /// <summary>Several changes of one shadow become one row: only the last is ever read.</summary>
    /// <param name="expected">Version the row has before this batch.</param>
    public void Add(ShadowId shadow, long expected, long sequence, ShadowDocument document, int historyEntries)
    {
        if (_saveOf.TryGetValue(shadow, out var index))
            _saves[index] = _saves[index] with { Sequence = sequence, Document = document };
        else
        {
            _saveOf[shadow] = _saves.Count;
            _saves.Add(new(shadow, expected, sequence, document));
        }
        if (historyEntries > 0)
            _history.Add(new(shadow, historyEntries, document));
    }

    public void Write(ShadowStore store)
    {
        if (HasChanges)
            Written = store.SaveAsync(_saves, _history);
    }
}
