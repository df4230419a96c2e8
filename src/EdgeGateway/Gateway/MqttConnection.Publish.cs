using System.Buffers;
using System.Text;
using EdgeGateway.Broker;
using EdgeGateway.Messaging;
using EdgeGateway.Mqtt;

using Route = EdgeGateway.Broker.Route;

namespace EdgeGateway.Gateway;

/// <content>PUBLISH (MQTT 5.0 §3.3).</content>
internal sealed partial class MqttConnection
{
    private void Publish(ClientState client, byte flags, ReadOnlySpan<byte> body, DeliveryBurst burst)
    {
        var packet = PublishPacket.Read(flags, body, Version);
        var topic = packet.TopicAlias == 0 ? packet.Topic : ResolveAlias(client, packet);
        if (packet.Payload.Length > _context.Broker.MaxPayloadBytes)
            MqttProtocolException.Throw(ReasonCode.PacketTooLarge, $"a payload of {packet.Payload.Length} bytes; the limit is {_context.Broker.MaxPayloadBytes}");
        if (packet.QualityOfService != QualityOfService.AtMostOnce)
            EnforceReceiveMaximum(client, packet.QualityOfService);
        if (client.PublishRate is { } rate)
            SlowDown(rate);
        var refusal = Judge(client, topic, packet.Retain, out var route);
        if (refusal != ReasonCode.Success)
        {
            RefusePublish(client, packet, topic, refusal, burst);
            return;
        }
        if (packet.QualityOfService == QualityOfService.ExactlyOnce && !client.Session.TryBeginReceive(packet.PacketIdentifier, burst))
        {
            Owe(client, packet, ReasonCode.Success, client.Session.TicketsOf(packet.PacketIdentifier), burst); // acknowledged, not routed twice [MQTT-4.3.3-10]
            return;
        }
        Route(client, packet, topic, route!, burst);
    }

    // AWS ends the connection; we read on when the publisher's time has come, and TCP tells it so.
    private void SlowDown(TokenBucket rate)
    {
        if (!_context.Broker.IsWholeStandard)
        {
            if (!rate.TryTake())
                MqttProtocolException.Throw(ReasonCode.MessageRateTooHigh, $"more than {_context.Broker.PublishRate} messages a second");
        }
        else if (rate.TakeOrOwe() is var wait && wait > TimeSpan.Zero)
            _pause = Task.Delay(wait, _context.Time);
    }

    private void Route(ClientState client, in PublishPacket packet, ReadOnlySpan<byte> topic, Route route, DeliveryBurst burst)
    {
        var properties = packet.Properties;
        byte[]? rented = null;
        if (packet.TopicAlias != 0)
        {
            rented = ArrayPool<byte>.Shared.Rent(properties.Length);
            properties = rented.AsSpan(0, packet.CopyPropertiesWithoutAlias(rented));
        }
        var result = _context.Router.Route(
            new()
            {
                Topic = topic,
                Payload = packet.Payload,
                Properties = properties,
                QualityOfService = packet.QualityOfService,
                Retain = packet.Retain,
                ReceivedAt = burst.Now,
                ClientId = client.ClientId,
                PrincipalId = client.Principal.Id,
                Origin = MessageOrigin.Client,
            },
            route,
            client.Session,
            burst);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
        if (packet.QualityOfService == QualityOfService.AtMostOnce)
            return;
        if (result.IsRefused && Version != ProtocolVersion.V5)
            MqttProtocolException.Throw(ReasonCode.QuotaExceeded, "the broker's log takes no more, so the message cannot be acknowledged");
        var reason = result.RetainRefused || result.IsRefused ? ReasonCode.QuotaExceeded
            : result.IsReceiverFull && Version == ProtocolVersion.V5 ? ReasonCode.QuotaExceeded
            : result.Receivers == 0 && _context.Broker.IsWholeStandard ? ReasonCode.NoMatchingSubscribers : ReasonCode.Success;
        Owe(client, packet, reason, result.Tickets, burst);
    }

    private void Owe(ClientState client, in PublishPacket packet, ReasonCode reason, DurabilityTickets tickets, DeliveryBurst burst)
    {
        var type = packet.QualityOfService == QualityOfService.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec;
        client.Session.Acknowledge(this, new AckPacket(type, packet.PacketIdentifier, Version == ProtocolVersion.V5 ? reason : ReasonCode.Success), tickets, _context.Router.Gate, burst);
    }

    // A topic this client may publish to is remembered by its route, which is void as soon as a policy changes: a hit costs one comparison.
    private ReasonCode Judge(ClientState client, ReadOnlySpan<byte> topic, bool retain, out Route? route)
    {
        ref var permitted = ref client.PermittedRoute(topic);
        route = permitted;
        if (route is null || !topic.SequenceEqual(route.Topic) || !_context.Router.IsCurrent(route))
        {
            if (!FitsLimits(topic) || !ReservedTopics.MayPublish(topic))
                return ReasonCode.TopicNameInvalid;
            if (!client.Authority.MayPublish(topic))
                return ReasonCode.NotAuthorized;
            permitted = route = _context.Router.RouteOf(topic);
        }
        if (!retain)
            return ReasonCode.Success;
        if (topic is [(byte)'$', ..])
            return ReasonCode.RetainNotSupported; // no RETAIN on reserved topics
        return client.Authority.MayPublishRetained(topic) ? ReasonCode.Success : ReasonCode.NotAuthorized;
    }

    // What stands before the topic of a basic ingest is not counted (AWS guide: MQTT).
    private bool FitsLimits(ReadOnlySpan<byte> topic)
    {
        if (topic.StartsWith("$aws/rules/"u8))
        {
            topic = topic["$aws/rules/"u8.Length..];
            topic = topic[(topic.IndexOf((byte)'/') + 1)..];
        }
        return topic.Length <= _context.Broker.MaxTopicBytes && topic.Count((byte)'/') < _context.Broker.MaxTopicLevels;
    }

    // MQTT 5 answers the one message; 3.1.1 has no words for it, so the connection ends, as in the cloud.
    private void RefusePublish(ClientState client, in PublishPacket packet, ReadOnlySpan<byte> topic, ReasonCode reason, DeliveryBurst burst)
    {
        if (Version != ProtocolVersion.V5)
            MqttProtocolException.Throw(reason, $"publish to '{Encoding.UTF8.GetString(topic)}' refused: {(reason == ReasonCode.NotAuthorized ? $"no policy of {client.Principal.Id} allows it" : "the topic is reserved, or longer or deeper than the limits allow")}");
        LogPublishDenied(client.ClientId, Encoding.UTF8.GetString(topic), reason);
        if (reason == ReasonCode.RetainNotSupported)
            reason = ReasonCode.TopicNameInvalid;
        if (packet.QualityOfService != QualityOfService.AtMostOnce)
            Owe(client, packet, reason, default, burst);
    }

    private void EnforceReceiveMaximum(ClientState client, QualityOfService qos)
    {
        if (qos > _context.Broker.MaximumQos)
            MqttProtocolException.Throw(ReasonCode.QosNotSupported, "QoS 2 is not offered [MQTT-3.2.2-11]");
        if (Version == ProtocolVersion.V5 && client.Session.UnacknowledgedInbound >= _context.Broker.ReceiveMaximum)
            MqttProtocolException.Throw(ReasonCode.ReceiveMaximumExceeded, $"more than {_context.Broker.ReceiveMaximum} unacknowledged messages [MQTT-3.3.4-7]");
    }

    private ReadOnlySpan<byte> ResolveAlias(ClientState client, in PublishPacket packet)
    {
        if (packet.TopicAlias > _context.Broker.TopicAliasMaximum)
            MqttProtocolException.Throw(ReasonCode.TopicAliasInvalid, $"topic alias {packet.TopicAlias}; the maximum is {_context.Broker.TopicAliasMaximum} [MQTT-3.3.2-9]");
        var aliases = client.Aliases ??= new byte[]?[_context.Broker.TopicAliasMaximum + 1];
        if (!packet.Topic.IsEmpty)
        {
            if (!packet.Topic.SequenceEqual(aliases[packet.TopicAlias]))
                aliases[packet.TopicAlias] = packet.Topic.ToArray();
            return packet.Topic;
        }
        if (aliases[packet.TopicAlias] is not { } topic)
        {
            MqttProtocolException.ProtocolError($"topic alias {packet.TopicAlias} was never set [MQTT-3.3.2-7]");
            return default;
        }
        return topic;
    }

    [Microsoft.Extensions.Logging.LoggerMessage(1006, Microsoft.Extensions.Logging.LogLevel.Information, "{ClientId} may not publish to {Topic} ({Reason})")]
    private partial void LogPublishDenied(string clientId, string topic, ReasonCode reason);
}
