namespace EdgeGateway.Sync.State;

/// <summary>When shadows are brought alike.</summary>
public enum ShadowStrategy
{
    /// <summary>A moment after a change on either side, and all of them after a connect.</summary>
    Realtime,

    /// <summary>All that changed, every so often, and all of them after a connect.</summary>
    Periodic,

    /// <summary>When somebody says so.</summary>
    Manual,
}
