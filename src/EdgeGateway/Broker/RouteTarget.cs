using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>One session in a route, its overlapping subscriptions merged [MQTT-3.3.4-2].</summary>
internal sealed class RouteTarget(Session session)
{
    public Session Session { get; } = session;

    /// <summary>The highest of the matching subscriptions.</summary>
    public QualityOfService QualityOfService { get; private set; }

    /// <summary>True where every matching subscription said so.</summary>
    public bool NoLocal { get; private set; } = true;

    public bool RetainAsPublished { get; private set; }
    public int[]? SubscriptionIdentifiers { get; private set; }

    public void Merge(Subscription subscription)
    {
        if (subscription.QualityOfService > QualityOfService)
            QualityOfService = subscription.QualityOfService;
        NoLocal &= subscription.NoLocal;
        RetainAsPublished |= subscription.RetainAsPublished;
        if (subscription.Identifier != 0)
            SubscriptionIdentifiers = [.. SubscriptionIdentifiers ?? [], subscription.Identifier];
    }
}
