namespace EdgeGateway.Messaging;

/// <summary>Where a part puts a message for another broker; it goes there when that can be reached.</summary>
public interface IUpstreamOutbox
{
    /// <summary>The upstreams of the configuration.</summary>
    IReadOnlyList<string> Names { get; }

    /// <param name="message">Its topic is the upstream's.</param>
    /// <returns>Kept once it is on disk; null where the outbox does not take it.</returns>
    DurabilityTicket? Store(string upstream, ApplicationMessage message);
}
