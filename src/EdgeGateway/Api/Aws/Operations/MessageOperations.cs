using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using EdgeGateway.Broker;
using EdgeGateway.Gateway;
using EdgeGateway.Messaging;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Publishing, retained messages and connections over HTTP (AWS guide: HTTPS).</summary>
internal sealed class MessageOperations(IMessageBus bus, BrokerOptions broker, BrokerStatus clients, DataPermissions permissions) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("Publish", PublishAsync),
        new("GetRetainedMessage", GetRetained),
        new("ListRetainedMessages", ListRetained),
        new("DeleteConnection", DeleteConnection),
    ];

    private async ValueTask<AwsReply> PublishAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var topic = call.Label("topic");
        var retain = call.QueryBoolean("retain") ?? false;
        if (!Topics.IsValidName(topic) || !ReservedTopics.MayPublish(Encoding.UTF8.GetBytes(topic)))
            throw AwsException.InvalidRequest($"topic is '{topic}', expected a topic name that is open to clients");
        if (call.Payload.Length > broker.MaxPayloadBytes)
            throw new AwsException(413, "RequestEntityTooLargeException", $"the payload is {call.Payload.Length} bytes long, allowed are at most {broker.MaxPayloadBytes}");
        permissions.Require(call.Caller, "iot:Publish", $"topic/{topic}");
        if (retain)
            permissions.Require(call.Caller, "iot:RetainPublish", $"topic/{topic}");
        var message = new ApplicationMessage(topic, call.Payload)
        {
            QualityOfService = Qos(call),
            Retain = retain,
            Properties = Properties(call),
            PrincipalId = call.Caller.Principal.Id,
            Origin = MessageOrigin.Client,                                           // whoever it is: shadows and rules take it as a client's
        };
        return await bus.PublishAsync(message, cancellationToken) == PublishOutcome.Refused
            ? AwsReply.Error(503, "ServiceUnavailableException", "the message store is full or out of order")
            : AwsReply.Json(writer =>
            {
                writer.WriteString("message"u8, "OK"u8);
                writer.WriteString("traceId"u8, Guid.NewGuid().ToString());
            });
    }

    private ValueTask<AwsReply> GetRetained(AwsCall call, CancellationToken cancellationToken)
    {
        var topic = call.Label("topic");
        if (!Topics.IsValidName(topic))
            throw AwsException.InvalidRequest($"topic is '{topic}', expected a topic name");
        permissions.Require(call.Caller, "iot:GetRetainedMessage", $"topic/{topic}");
        var message = bus.Retained(topic).SingleOrDefault() ?? throw AwsException.NotFound($"no message is retained on {topic}");
        return new(AwsReply.Json(writer =>
        {
            writer.WriteString("topic"u8, topic);
            writer.WriteBase64String("payload"u8, message.Payload.Span);
            writer.WriteNumber("qos"u8, (int)message.QualityOfService);
            writer.WriteNumber("lastModifiedTime"u8, message.ReceivedAt);
            if (message.Properties?.UserProperties is { Count: > 0 } properties)
                writer.WriteBase64String("userProperties"u8, EncodeUserProperties(properties));
        }));
    }

    private ValueTask<AwsReply> ListRetained(AwsCall call, CancellationToken cancellationToken)
    {
        permissions.RequireEverywhere(call.Caller, "iot:ListRetainedMessages");
        List<ApplicationMessage> all = [.. bus.Retained("#").OrderBy(static message => message.Topic, StringComparer.Ordinal)];
        var page = call.Page(all, static message => message.Topic, atMost: 200);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("retainedTopics", page.Items, static (item, message) =>
            {
                item.WriteString("topic"u8, message.Topic);
                item.WriteNumber("payloadSize"u8, message.Payload.Length);
                item.WriteNumber("qos"u8, (int)message.QualityOfService);
                item.WriteNumber("lastModifiedTime"u8, message.ReceivedAt);
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private ValueTask<AwsReply> DeleteConnection(AwsCall call, CancellationToken cancellationToken)
    {
        var clientId = call.Label("clientId");
        permissions.Require(call.Caller, "iot:DeleteConnection", $"client/{clientId}");
        var isClosed = clients.CloseConnection(
            clientId, forgetSession: call.QueryBoolean("cleanSession") ?? false, withoutWill: call.QueryBoolean("preventWillMessage") ?? false);
        return new(isClosed ? AwsReply.Empty : throw AwsException.NotFound($"no client {clientId} is connected"));
    }

    private static QualityOfService Qos(AwsCall call) => call.QueryInt64("qos") switch
    {
        null or 0 => QualityOfService.AtMostOnce,
        1 => QualityOfService.AtLeastOnce,
        var other => throw AwsException.InvalidRequest($"qos is {other}, allowed are 0 and 1"),
    };

    private static MessageProperties? Properties(AwsCall call)
    {
        var isUtf8 = call.Header("x-amz-mqtt5-payload-format-indicator") switch
        {
            null or "UNSPECIFIED_BYTES" => false,
            "UTF8_DATA" => true,
            var other => throw AwsException.InvalidRequest($"payloadFormatIndicator is '{other}', allowed are UNSPECIFIED_BYTES and UTF8_DATA"),
        };
        var expiry = call.QueryInt64("messageExpiry");
        if (expiry is < 0 or > uint.MaxValue)
            throw AwsException.InvalidRequest($"messageExpiry is {expiry}, allowed are 0 to {uint.MaxValue} seconds");
        var responseTopic = call.Query("responseTopic");
        if (responseTopic is not null && !Topics.IsValidName(responseTopic))
            throw AwsException.InvalidRequest($"responseTopic is '{responseTopic}', expected a topic name");
        var correlation = call.Header("x-amz-mqtt5-correlation-data") is { } data ? FromBase64("correlationData", data) : [];
        return MessageProperties.Create(
            UserProperties(call), call.Query("contentType"), responseTopic, correlation, expiry is > 0 ? (uint)expiry : null, isUtf8);
    }

    /// <summary>Base64 of a JSON array of objects with one pair each: order and repeated names are kept.</summary>
    private static List<KeyValuePair<string, string>>? UserProperties(AwsCall call)
    {
        if (call.Header("x-amz-mqtt5-user-properties") is not { } header)
            return null;
        try
        {
            using var document = JsonDocument.Parse(FromBase64("userProperties", header));
            // An SDK that is given a string writes that as JSON too.
            using var inner = document.RootElement.ValueKind == JsonValueKind.String ? JsonDocument.Parse(document.RootElement.GetString()!) : null;
            return [.. (inner ?? document).RootElement.EnumerateArray().SelectMany(static item => item.EnumerateObject())
                .Select(static pair => KeyValuePair.Create(pair.Name, pair.Value.GetString() ?? throw new JsonException()))];
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)
        {
            throw AwsException.InvalidRequest("userProperties is not the base64 of a JSON array of objects with one string each");
        }
    }

    private static byte[] FromBase64(string member, string text)
    {
        var bytes = new byte[text.Length];
        return Base64.IsValid(text) && Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes[..length] : throw AwsException.InvalidRequest($"{member} is not base64");
    }

    private static ReadOnlySpan<byte> EncodeUserProperties(IReadOnlyList<KeyValuePair<string, string>> properties)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var (name, value) in properties)
            {
                writer.WriteStartObject();
                writer.WriteString(name, value);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        }
        return buffer.ToArray();
    }
}
