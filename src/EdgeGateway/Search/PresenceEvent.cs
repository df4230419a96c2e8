using System.Text.Json;
using EdgeGateway.Shadows;

namespace EdgeGateway.Search;

/// <summary>A lifecycle event on <c>$aws/events/presence/…</c> about a client whose id may be a thing's name.</summary>
/// <param name="Session">Tells connections of one client id apart.</param>
internal sealed record PresenceEvent(string ClientId, bool Connected, long Timestamp, string Session, string? Reason)
{
    /// <summary>Null where the client's id can be no thing's name, or the message is none of the gateway's own.</summary>
    public static PresenceEvent? Read(ReadOnlySpan<byte> payload)
    {
        string? client = null, type = null, session = null, reason = null;
        var time = 0L;
        try
        {
            var reader = new Utf8JsonReader(payload);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("clientId"u8))
                    client = String(ref reader);
                else if (reader.ValueTextEquals("eventType"u8))
                    type = String(ref reader);
                else if (reader.ValueTextEquals("sessionIdentifier"u8))
                    session = String(ref reader);
                else if (reader.ValueTextEquals("disconnectReason"u8))
                    reason = String(ref reader);
                else if (reader.ValueTextEquals("timestamp"u8) && reader.Read())
                    reader.TryGetInt64(out time);
                else
                    reader.Skip();
            }
        }
        catch (Exception ex) when (ex is JsonException or InvalidOperationException)
        {
            return null;
        }
        return ShadowId.IsValidThing(client) && type is "connected" or "disconnected" && session is not null ? new(client!, type == "connected", time, session, reason) : null;
    }

    private static string? String(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetString();
    }
}
