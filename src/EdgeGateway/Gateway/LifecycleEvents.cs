using System.Buffers;
using System.Globalization;
using System.Text.Json;
using EdgeGateway.Broker;
using EdgeGateway.Messaging;

namespace EdgeGateway.Gateway;

/// <summary>The events of AWS IoT about clients: <c>$aws/events/presence/…</c> and <c>$aws/events/subscriptions/…</c>.</summary>
internal sealed class LifecycleEvents(IMessageBus bus, TimeProvider time)
{
    private static readonly MessageOrigin Origin = new("lifecycle");

    /// <param name="version">Counts the connections of this client id; the same in the pair.</param>
    public ValueTask<PublishOutcome> ConnectedAsync(string clientId, string principal, string session, string? address, long version) => Publish(
        clientId, "presence/connected/", "connected", principal, session, json =>
        {
            if (address is not null)
                json.WriteString("ipAddress", address);
            json.WriteNumber("versionNumber", version);
        });

    public ValueTask<PublishOutcome> DisconnectedAsync(string clientId, string principal, string session, DisconnectReason reason, long version) => Publish(
        clientId, "presence/disconnected/", "disconnected", principal, session, json =>
        {
            json.WriteBoolean("clientInitiatedDisconnect", reason == DisconnectReason.ClientInitiated);
            json.WriteString("disconnectReason", Name(reason));
            json.WriteNumber("versionNumber", version);
        });

    public ValueTask<PublishOutcome> SubscriptionsAsync(string clientId, bool subscribed, string principal, string session, IReadOnlyList<string> topics) => Publish(
        clientId, subscribed ? "subscriptions/subscribed/" : "subscriptions/unsubscribed/", subscribed ? "subscribed" : "unsubscribed", principal, session, json =>
        {
            json.WriteStartArray("topics");
            foreach (var topic in topics)
                json.WriteStringValue(topic);
            json.WriteEndArray();
        });

    /// <summary>The published spelling of a reason.</summary>
    public static string Name(DisconnectReason reason) => reason switch
    {
        DisconnectReason.ConnectionLost => "CONNECTION_LOST",
        DisconnectReason.ClientInitiated => "CLIENT_INITIATED_DISCONNECT",
        DisconnectReason.ClientError => "CLIENT_ERROR",
        DisconnectReason.AuthError => "AUTH_ERROR",
        DisconnectReason.DuplicateClientId => "DUPLICATE_CLIENTID",
        DisconnectReason.ForbiddenAccess => "FORBIDDEN_ACCESS",
        DisconnectReason.KeepAliveTimeout => "MQTT_KEEP_ALIVE_TIMEOUT",
        DisconnectReason.ServerError => "SERVER_ERROR",
        DisconnectReason.ServerInitiated => "SERVER_INITIATED_DISCONNECT",
        DisconnectReason.ApiInitiated => "API_INITIATED_DISCONNECT",
        DisconnectReason.Throttled => "THROTTLED",
        DisconnectReason.WebSocketTtlExpiration => "WEBSOCKET_TTL_EXPIRATION",
        _ => "CUSTOMAUTH_TTL_EXPIRATION",
    };

    private ValueTask<PublishOutcome> Publish(string clientId, string category, string eventType, string principal, string session, Action<Utf8JsonWriter> more)
    {
        if (clientId.AsSpan().ContainsAny('+', '#')) // such ids have no topic
            return ValueTask.FromResult(PublishOutcome.NoReceivers);
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("clientId", clientId);
            json.WriteNumber("timestamp", time.GetUtcNow().ToUnixTimeMilliseconds());
            json.WriteString("eventType", eventType);
            json.WriteString("sessionIdentifier", session);
            json.WriteString("principalIdentifier", principal);
            more(json);
            json.WriteEndObject();
        }
        var topic = string.Create(CultureInfo.InvariantCulture, $"$aws/events/{category}{clientId}");
        return bus.PublishAsync(new(topic, buffer.WrittenMemory) { Origin = Origin }, CancellationToken.None);
    }
}
