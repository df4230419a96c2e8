using EdgeGateway.Broker;

namespace EdgeGateway.Api;

/// <summary>Answer of <c>GET /edge/v1/clients/{clientId}</c>.</summary>
public sealed record ClientDetailResponse
{
    public required ClientResponse Client { get; init; }

    /// <summary>The session outlives its connection.</summary>
    public required bool Persistent { get; init; }

    public required long QueuedBytes { get; init; }

    /// <summary>Messages it did not get because its queue or socket was full.</summary>
    public required long Dropped { get; init; }

    public required IReadOnlyList<SubscriptionResponse> Filters { get; init; }

    public static ClientDetailResponse From(SessionView session) => new()
    {
        Client = ClientResponse.From(session),
        Persistent = session.IsPersistent,
        QueuedBytes = session.QueuedBytes,
        Dropped = session.Dropped,
        Filters = [.. session.Subscriptions.Select(static entry => new SubscriptionResponse(entry.Filter, (int)entry.QualityOfService, entry.NoLocal, entry.RetainAsPublished, entry.Identifier))],
    };
}
