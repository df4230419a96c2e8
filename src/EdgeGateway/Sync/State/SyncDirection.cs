namespace EdgeGateway.Sync.State;

/// <summary>Who may write where.</summary>
internal enum SyncDirection
{
    Both,

    /// <summary>The upstream never writes here; what differs there is overwritten.</summary>
    Up,

    /// <summary>The gateway never writes there; what differs here is overwritten.</summary>
    Down,
}
