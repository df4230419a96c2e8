namespace EdgeGateway.Devices;

/// <summary>How a wired device fares.</summary>
public enum WiredState
{
    /// <summary>Not yet read or driven.</summary>
    Starting,
    Ok,

    /// <summary>The last reading or command failed; it is tried again with growing pauses.</summary>
    Failed,

    /// <summary>Not started: the gateway runs with <c>--safe</c>.</summary>
    Off,
}
