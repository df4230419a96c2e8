namespace EdgeGateway.Sync.Store;

/// <summary>What an outbox holds at a moment.</summary>
/// <param name="Oldest">Age of the oldest message waiting; null: none waits.</param>
/// <param name="FullIn">When it will be full if things go on as in the last hour; null: they do not lead there.</param>
/// <param name="Problem">Why nothing can be stored, in words; null: it can.</param>
internal sealed record OutboxSnapshot(
    long Messages,
    long Bytes,
    TimeSpan? Oldest,
    double StoredPerSecond,
    double DrainedPerSecond,
    TimeSpan? FullIn,
    long Dropped,
    long Expired,
    long Damaged,
    string? Problem);
