namespace EdgeGateway.Sync;

public enum UpstreamState
{
    Connecting,

    /// <summary>Connected, and nothing old waits.</summary>
    Connected,

    /// <summary>Connected, and catching up.</summary>
    Draining,

    /// <summary>No connection; the next attempt waits.</summary>
    Disconnected,

    /// <summary>The upstream does not accept who we are.</summary>
    Unauthorized,

    /// <summary>Its certificate, or ours, is not accepted.</summary>
    Untrusted,

    /// <summary>Connected, but it acknowledges nothing.</summary>
    Stalled,

    /// <summary>It takes no more for now.</summary>
    Quota,

    /// <summary>The local store cannot take messages.</summary>
    StoreFailed,

    Stopped,
}
