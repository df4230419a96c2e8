using System.Collections.Concurrent;

namespace EdgeGateway.Shadows;

/// <inheritdoc cref="IShadowHistory"/>
internal sealed class ShadowHistory(ShadowStore store, ShadowOptions options) : IShadowHistory
{
    private readonly ConcurrentDictionary<ShadowId, int> _entries = new(store.HistorySettings());

    public int EntriesOf(ShadowId shadow) => _entries.TryGetValue(shadow, out var entries) ? entries : options.HistoryEntries;

    public async Task KeepAsync(ShadowId shadow, int entries, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(entries);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries, IShadowHistory.MaxEntries);
        _entries[shadow] = entries; // before the present document is copied, so that no change falls between
        await store.KeepHistoryAsync(shadow, entries).WaitAsync(cancellationToken);
    }

    public IReadOnlyList<ShadowDocument> Read(ShadowId shadow, int atMost) => store.History(shadow, atMost);
}
