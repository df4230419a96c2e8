namespace EdgeGateway.Messaging;

/// <summary>How a part of the gateway fares.</summary>
public enum ComponentState
{
    /// <summary>Does its work.</summary>
    Healthy,

    /// <summary>Works in part, or waits for something outside: somebody should look, a restart would not help.</summary>
    Degraded,

    /// <summary>No longer works and will not mend itself: the watchdog is not fed any more, so systemd restarts the gateway.</summary>
    Failed,
}
