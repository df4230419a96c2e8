namespace EdgeGateway.Rules.Http;

/// <summary>AWS's states of a destination; only an enabled one receives data.</summary>
public enum HttpDestinationStatus
{
    /// <summary>`IN_PROGRESS`: the confirmation request is sent, its answer awaited for three days.</summary>
    InProgress,
    Enabled,
    Disabled,

    /// <summary>`ERROR`: it was not confirmed in time.</summary>
    Error,
}
