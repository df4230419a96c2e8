using EdgeGateway.Shadows;

namespace EdgeGateway.Sync.State;

/// <summary>What the synchronisation of shadows with one upstream remembers; a task completes when it is on disk.</summary>
internal interface ISyncStore
{
    SyncRecord? Find(ShadowId shadow);

    IReadOnlyList<SyncRecord> All();

    Task SaveAsync(SyncRecord record);

    /// <summary>An entry like one that stands there already, which a repeated attempt brings, is not added again.</summary>
    Task AppendAsync(IReadOnlyList<JournalEntry> entries);
}
