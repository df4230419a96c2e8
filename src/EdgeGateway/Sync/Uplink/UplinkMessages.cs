using System.Buffers;
using System.Globalization;
using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync.Store;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgeGateway.Sync.Uplink;

/// <summary>Stored messages to PUBLISH packets, and PUBLISH packets that come down to messages of the bus.</summary>
internal static class UplinkMessages
{
    /// <summary>User property of a message that may be a repetition: <c>true</c>.</summary>
    public const string Resent = "resent";

    /// <summary>User property of a message that waited or may be a repetition: when it came, ISO 8601 in UTC.</summary>
    public const string OriginalTime = "original-time";

    /// <summary>User property beside the original time where the clock was never set in that boot of the machine: <c>true</c>.</summary>
    public const string UncertainTime = "original-time-uncertain";

    /// <summary>User property, once for each gateway a message passed: a gateway that finds its own name has seen it.</summary>
    public const string Via = "edge-via";

    /// <summary>Waiting longer than this makes a message late, and its original time worth sending.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromSeconds(2);

    /// <returns>Null: the message expired on the way (MQTT 5.0 §3.3.2.3.3).</returns>
    /// <param name="record">Borrowed; the packet's payload is the record's memory.</param>
    public static MqttPublishPacket? ToPacket(in LogRecord record, bool resent, UplinkParts parts, UplinkTerms terms)
    {
        var (options, gatewayName, now) = (parts.Options, parts.GatewayName, parts.Time.GetUtcNow());
        var stamp = OutboxRecord.StampOf(record);
        var known = parts.Outbox.Clock.ArrivedAt(stamp);
        var arrived = DateTimeOffset.FromUnixTimeMilliseconds(known ?? stamp.ReceivedAt);
        var packet = new MqttPublishPacket
        {
            Payload = new ReadOnlySequence<byte>(OutboxRecord.PayloadOf(record)),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            Retain = OutboxRecord.RetainOf(record) && terms.RetainAvailable,
        };
        var properties = OutboxRecord.PropertiesOf(record);
        var waited = now - arrived;
        var isLate = resent || waited > LateAfter;
        packet.Topic = (isLate ? options.ReplayPrefix : "") + Encoding.UTF8.GetString(record.Header.Span);
        var encoded = properties.IsEmpty ? null : new MessageProperties(properties);
        if (encoded?.MessageExpirySeconds is { } expiry)
        {
            var age = known is null ? 0 : Math.Max(0, waited.TotalSeconds); // what nobody knows makes nothing expire
            if (age >= expiry)
                return null;
            packet.MessageExpiryInterval = (uint)(expiry - age);
        }
        if (!options.IsVersion5)
            return packet;
        if (encoded is not null)
            Copy(encoded, packet);
        if (isLate)
        {
            Add(packet, OriginalTime, arrived.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            if (known is null)
                Add(packet, UncertainTime, "true");
        }
        if (resent)
            Add(packet, Resent, "true");
        if (options.Kind == UpstreamKind.EdgeGateway || encoded?.UserProperties.Any(static property => property.Key == Via) == true)
            Add(packet, Via, gatewayName);
        return packet;
    }

    /// <returns>Null: this gateway has already seen the message.</returns>
    public static ApplicationMessage? FromPacket(MqttPublishPacket packet, string topic, string upstream, string gatewayName)
    {
        var user = packet.UserProperties?.Select(static property => new KeyValuePair<string, string>(property.Name, Encoding.UTF8.GetString(property.ValueBuffer.Span))).ToList() ?? [];
        if (user.Contains(new(Via, gatewayName)))
            return null;
        return new(topic, packet.Payload.ToArray())
        {
            QualityOfService = (QualityOfService)packet.QualityOfServiceLevel,
            Retain = packet.Retain,
            Origin = new(OriginOf(upstream)),
            Properties = MessageProperties.Create(
                user,
                packet.ContentType,
                packet.ResponseTopic,
                packet.CorrelationData,
                packet.MessageExpiryInterval > 0 ? packet.MessageExpiryInterval : null,
                packet.PayloadFormatIndicator == MqttPayloadFormatIndicator.CharacterData),
        };
    }

    public static string OriginOf(string upstream) => $"upstream:{upstream}";

    /// <summary>Bytes on the wire, at most a few too many: for the upstream's packet limit and the bandwidth cap.</summary>
    public static int WireBytes(in LogRecord record, MqttPublishPacket packet) =>
        16 + record.Header.Length + (int)packet.Payload.Length + OutboxRecord.PropertiesOf(record).Length
        + (packet.UserProperties?.Sum(static property => 5 + property.Name.Length + property.ValueBuffer.Length) ?? 0);

    private static void Copy(MessageProperties from, MqttPublishPacket to)
    {
        to.ContentType = from.ContentType;
        to.ResponseTopic = from.ResponseTopic;
        to.CorrelationData = from.CorrelationData?.ToArray();
        to.PayloadFormatIndicator = from.PayloadIsUtf8 ? MqttPayloadFormatIndicator.CharacterData : MqttPayloadFormatIndicator.Unspecified;
        foreach (var (name, value) in from.UserProperties)
            Add(to, name, value);
    }

    private static void Add(MqttPublishPacket packet, string name, string value) =>
        (packet.UserProperties ??= []).Add(new(name, new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(value))));
}
