using System.Text;
using EdgeGateway.Broker;
using EdgeGateway.Messaging;
using EdgeGateway.Mqtt;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgeGateway.Gateway;

/// <content>SUBSCRIBE and UNSUBSCRIBE (MQTT 5.0 §3.8, §3.10).</content>
internal sealed partial class MqttConnection
{
    private void Subscribe(ClientState client, MqttSubscribePacket packet, DeliveryBurst burst)
    {
        if (packet.TopicFilters.Count > _context.Broker.MaxFiltersPerSubscribe)
            MqttProtocolException.Throw(ReasonCode.QuotaExceeded, $"{packet.TopicFilters.Count} filters in one SUBSCRIBE; the limit is {_context.Broker.MaxFiltersPerSubscribe}");
        if (packet.SubscriptionIdentifier != 0 && !_context.Broker.IsWholeStandard)
            MqttProtocolException.Throw(ReasonCode.SubscriptionIdentifiersNotSupported, "subscription identifiers are not offered (MQTT 5.0 §3.2.2.3.12)");
        var codes = new List<MqttSubscribeReasonCode>(packet.TopicFilters.Count);
        var granted = new List<(Subscription Subscription, List<MessageBuffer> Retained)>();
        var topics = new List<string>();
        foreach (var filter in packet.TopicFilters)
        {
            var code = JudgeFilter(client, filter);
            if ((byte)code < 0x80 && _context.Sessions.Subscribe(client.Session, RequestOf(filter, code, packet.SubscriptionIdentifier), burst) is { } subscribed)
            {
                granted.Add(subscribed);
                topics.Add(filter.Topic);
            }
            else
            {
                code = (byte)code < 0x80 ? ReasonCode.QuotaExceeded : code; // the log is full
                LogSubscribeDenied(client.ClientId, filter.Topic, code);
            }
            codes.Add((MqttSubscribeReasonCode)(Version == ProtocolVersion.V5 || (byte)code < 0x80 ? (byte)code : 0x80));
        }
        Promise(client, ControlPacketCodec.For(Version).Write(new MqttSubAckPacket { PacketIdentifier = packet.PacketIdentifier, ReasonCodes = codes }), burst); // in the order asked [MQTT-3.8.4-6]
        foreach (var (subscription, retained) in granted)
            client.Session.DeliverRetained(retained, subscription, burst);
        if (topics.Count > 0)
            _context.Publish(_context.Events.SubscriptionsAsync(client.ClientId, subscribed: true, client.Principal.Id, _sessionIdentifier.ToString(), topics));
    }

    private void Unsubscribe(ClientState client, MqttUnsubscribePacket packet, DeliveryBurst burst)
    {
        var codes = new List<MqttUnsubscribeReasonCode>(packet.TopicFilters.Count);
        foreach (var filter in packet.TopicFilters)
            codes.Add(_context.Sessions.Unsubscribe(client.Session, filter, burst) ? MqttUnsubscribeReasonCode.Success : MqttUnsubscribeReasonCode.NoSubscriptionExisted);
        Promise(client, ControlPacketCodec.For(Version).Write(new MqttUnsubAckPacket { PacketIdentifier = packet.PacketIdentifier, ReasonCodes = codes }), burst);
        _context.Publish(_context.Events.SubscriptionsAsync(client.ClientId, subscribed: false, client.Principal.Id, _sessionIdentifier.ToString(), packet.TopicFilters));
    }

    // Goes out when the session's record of it is safe.
    private void Promise(ClientState client, ReadOnlySpan<byte> packet, DeliveryBurst burst)
    {
        var tickets = default(DurabilityTickets);
        burst.TakeTicket(_context.Router.Journal?.Log, ref tickets);
        client.Session.Acknowledge(this, packet, tickets, _context.Router.Gate, burst);
    }

    private ReasonCode JudgeFilter(ClientState client, MqttTopicFilter asked)
    {
        var isShared = SharedFilter.IsShared(asked.Topic);
        var filter = asked.Topic;
        if (isShared && !SharedFilter.TrySplit(asked.Topic, out _, out filter))
            return ReasonCode.TopicFilterInvalid;
        if (isShared && asked.NoLocal)
            MqttProtocolException.ProtocolError("no local on a shared subscription [MQTT-3.8.3-4]");
        var bytes = Encoding.UTF8.GetBytes(filter);
        if (!Topics.IsValidFilter(bytes) || !FitsLimits(bytes) || !ReservedTopics.MaySubscribe(bytes))
            return ReasonCode.TopicFilterInvalid;
        if (!client.Authority.MaySubscribe(isShared ? Encoding.UTF8.GetBytes(asked.Topic) : bytes))
            return ReasonCode.NotAuthorized;
        if (client.Session.SubscriptionWeight + Session.WeightOf(asked.Topic) > _context.Broker.MaxSubscriptionsPerSession)
            return ReasonCode.QuotaExceeded;
        return (ReasonCode)Math.Min((int)asked.QualityOfServiceLevel, (int)_context.Broker.MaximumQos);
    }

    private static SubscriptionRequest RequestOf(MqttTopicFilter filter, ReasonCode granted, uint identifier) => new(
        filter.Topic, (QualityOfService)granted, filter.NoLocal, filter.RetainAsPublished, (int)filter.RetainHandling, (int)identifier);

    [Microsoft.Extensions.Logging.LoggerMessage(1007, Microsoft.Extensions.Logging.LogLevel.Information, "{ClientId} may not subscribe to {Filter} ({Reason})")]
    private partial void LogSubscribeDenied(string clientId, string filter, ReasonCode reason);
}
