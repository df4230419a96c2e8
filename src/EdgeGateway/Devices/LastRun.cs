namespace EdgeGateway.Devices;

/// <summary>How the gateway's last run ended.</summary>
internal enum LastRun
{
    /// <summary>There was none.</summary>
    None,
    Orderly,

    /// <summary>The process died, and the machine went on.</summary>
    Crashed,

    /// <summary>The machine went down with it.</summary>
    PowerCut,
}
