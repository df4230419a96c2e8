using EdgeGateway.Sync.Store;

namespace EdgeGateway.Sync.Uplink;

/// <summary>The time between a connect and its end.</summary>
internal interface IUplinkSession
{
    /// <summary>Messages the upstream took.</summary>
    long Acknowledged { get; }

    /// <summary>After the end: what was on its way.</summary>
    IReadOnlyList<QueuedMessage> Unacknowledged { get; }

    /// <returns>Why it ended.</returns>
    /// <exception cref="OperationCanceledException">The gateway stops.</exception>
    Task<UpstreamFault> RunAsync(CancellationToken cancellationToken);
}
