namespace EdgeGateway.Sync.State;

/// <summary>How a shadow stands towards an upstream.</summary>
internal enum SyncState
{
    /// <summary>Changed on one side, or not compared yet.</summary>
    Pending,

    InSync,

    /// <summary>In sync; the journal holds what was given up for it.</summary>
    Conflict,

    /// <summary>The upstream does not take it; tried again after it changes here.</summary>
    Parked,
}
