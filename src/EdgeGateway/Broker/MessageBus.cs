using System.Text;
using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>The broker's inside door.</summary>
internal sealed class MessageBus(Router router) : IMessageBus
{
    [ThreadStatic]
    private static DeliveryBurst? s_burst;

    public async ValueTask<PublishOutcome> PublishAsync(ApplicationMessage message, CancellationToken cancellationToken)
    {
        var result = Route(message);
        if (result is not { } routed)
            return PublishOutcome.Loop;
        if (message.QualityOfService > QualityOfService.AtMostOnce && !routed.Tickets.AreKept)
            await router.Gate.WaitAsync(routed.Tickets).WaitAsync(cancellationToken);
        if (routed.RetainRefused || routed.IsRefused)
            return PublishOutcome.Refused;
        return routed.Receivers == 0 ? PublishOutcome.NoReceivers : PublishOutcome.Delivered;
    }

    public IDisposable Subscribe(string filter, IMessageSink sink)
    {
        if (!Topics.IsValidFilter(filter))
            throw new ArgumentException($"'{filter}' is not a topic filter", nameof(filter));
        var subscription = new Subscription { Filter = Encoding.UTF8.GetBytes(filter), Sink = sink };
        router.Index.Add(subscription);
        return new Ending(router.Index, subscription);
    }

    public bool HasReceivers(string topic) => router.RouteOf(Encoding.UTF8.GetBytes(topic)) is not { Targets: [], Sinks: [], Groups: [] };

    public IReadOnlyList<ApplicationMessage> Retained(string filter)
    {
        var found = new List<MessageBuffer>();
        router.Retained.Match(Encoding.UTF8.GetBytes(filter), router.Now, found);
        var messages = new List<ApplicationMessage>(found.Count);
        foreach (var buffer in found)
        {
            messages.Add(buffer.View().ToOwned());
            buffer.Release();
        }
        return messages;
    }

    private RouteResult? Route(ApplicationMessage message)
    {
        if (message.Origin.Hops > MessageOrigin.MaxHops)
            return null;
        var topic = Encoding.UTF8.GetBytes(message.Topic);
        if (!Topics.IsValidName(topic))
            throw new ArgumentException($"'{message.Topic}' is not a topic name", nameof(message));
        // A sink may publish from within its own call: the outer burst is in use then.
        var burst = s_burst ?? new DeliveryBurst();
        s_burst = null;
        try
        {
            return router.Route(
                new()
                {
                    Topic = topic,
                    Payload = message.Payload.Span,
                    Properties = message.Properties is null ? default : message.Properties.Encoded.Span,
                    QualityOfService = message.QualityOfService,
                    Retain = message.Retain,
                    IsWill = message.IsWill,
                    ReceivedAt = message.ReceivedAt == 0 ? router.Now : message.ReceivedAt,
                    ClientId = message.ClientId,
                    PrincipalId = message.PrincipalId,
                    OnlyTo = message.OnlyTo,
                    Origin = message.Origin,
                },
                publisher: null,
                burst);
        }
        finally
        {
            burst.End(router.Metrics);
            s_burst = burst;
        }
    }

    private sealed class Ending(SubscriptionIndex index, Subscription subscription) : IDisposable
    {
        private Subscription? _subscription = subscription;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _subscription, null) is { } open)
                index.Remove(open);
        }
    }
}
