namespace EdgeGateway.Broker;

/// <summary>One session as it is now, for status pages and the command line.</summary>
/// <param name="Connection">Null: the client is away.</param>
/// <param name="Dropped">Messages it did not get because its queue or socket was full.</param>
public sealed record SessionView(
    string ClientId,
    IClientConnection? Connection,
    bool IsPersistent,
    IReadOnlyList<SubscriptionView> Subscriptions,
    int QueuedMessages,
    long QueuedBytes,
    int InFlight,
    long Dropped);
