namespace EdgeGateway.Pages.Gateway;

/// <summary>Does the gateway answer?</summary>
internal enum Reachability
{
    /// <summary>The page has just opened and no answer has come.</summary>
    Unknown,

    Reachable,

    /// <summary>The last call went unanswered: what the page shows is of <see cref="GatewayMonitor.LastAnswer"/>.</summary>
    Unreachable,
}
