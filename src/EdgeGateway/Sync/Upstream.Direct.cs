using EdgeGateway.Messaging;

namespace EdgeGateway.Sync;

/// <content>What a part of the gateway gives it by name, rather than by a route.</content>
internal sealed partial class Upstream
{
    /// <summary>Into the queue of class normal, or of what classes the routes use the one nearest to it.</summary>
    /// <returns>Null where there is no queue: the store failed, or no route goes up.</returns>
    public DurabilityTicket? StoreDirect(ApplicationMessage message)
    {
        if (_outbox is not { } outbox || !outbox.Queues.Any())
            return null;
        var classes = outbox.Queues.Select(static queue => queue.Class).ToHashSet();
        var view = new MessageView
        {
            Topic = System.Text.Encoding.UTF8.GetBytes(message.Topic),
            Payload = message.Payload.Span,
            Properties = message.Properties is null ? default : message.Properties.Encoded.Span,
            QualityOfService = message.QualityOfService,
            Retain = message.Retain,
            ReceivedAt = message.ReceivedAt == 0 ? _environment.Time.GetUtcNow().ToUnixTimeMilliseconds() : message.ReceivedAt,
            Origin = message.Origin,
        };
        return outbox.Store(classes.Contains(MessageClass.Normal) ? MessageClass.Normal : classes.Max(), view.Topic, view);
    }
}
