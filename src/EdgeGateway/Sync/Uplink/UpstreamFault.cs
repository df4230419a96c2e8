namespace EdgeGateway.Sync.Uplink;

/// <summary>Why an upstream cannot be used now.</summary>
/// <param name="State">What the upstream is until that changes.</param>
/// <param name="What">In words, for a person.</param>
/// <param name="WhatToDo">How to mend it.</param>
internal sealed record UpstreamFault(UpstreamState State, string What, string WhatToDo)
{
    /// <summary>The upstream itself ended the connection; only then may a message be suspected of it.</summary>
    public bool ClosedByPeer { get; init; }
}
