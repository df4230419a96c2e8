using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync.Store;

namespace EdgeGateway.Sync.Uplink;

/// <summary>
/// The JSON body of one POST: <c>{"gateway":"…","messages":[…]}</c>, each message with <c>topic</c>, <c>time</c> (ISO 8601, UTC), <c>class</c>,
/// <c>sequence</c> (grows by message within a class; absent where older stretches were thinned), <c>retain</c> and <c>resent</c> where true, and its payload as <c>payload</c> (JSON),
/// <c>text</c> or <c>base64</c>, whichever it is.
/// </summary>
internal sealed class HttpBatch
{
    private readonly ArrayBufferWriter<byte> _buffer = new(64 << 10);
    private readonly Utf8JsonWriter _json;
    private readonly List<QueuedMessage> _messages = [];

    public HttpBatch(string gatewayName)
    {
        _json = new(_buffer);
        _json.WriteStartObject();
        _json.WriteString("gateway", gatewayName);
        _json.WriteStartArray("messages");
    }

    public IReadOnlyList<QueuedMessage> Messages => _messages;

    /// <summary>Of the body so far.</summary>
    public long Bytes => _json.BytesCommitted + _json.BytesPending;

    /// <summary>The same for the same messages: a server that has seen it may answer at once.</summary>
    public string IdempotencyKey { get; private set; } = "";

    /// <param name="record">Copied.</param>
    public void Add(QueuedMessage message, in LogRecord record, string topic, long? arrivedAt, bool resent)
    {
        _messages.Add(message);
        var stamp = OutboxRecord.StampOf(record);
        _json.WriteStartObject();
        _json.WriteString("topic", topic);
        _json.WriteString("time", DateTimeOffset.FromUnixTimeMilliseconds(arrivedAt ?? stamp.ReceivedAt).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        if (arrivedAt is null)
            _json.WriteBoolean("timeUncertain", true);
        _json.WriteString("class", Outbox.FolderOf(message.Queue.Class));
        if (record.Type != OutboxRecord.Thinned) // a coarser log counts anew
            _json.WriteNumber("sequence", message.Sequence);
        if (OutboxRecord.RetainOf(record))
            _json.WriteBoolean("retain", true);
        if (resent)
            _json.WriteBoolean("resent", true);
        WriteProperties(OutboxRecord.PropertiesOf(record));
        WritePayload(OutboxRecord.PayloadOf(record).Span);
        _json.WriteEndObject();
    }

    /// <returns>The body; nothing may be added any more.</returns>
    public ReadOnlyMemory<byte> Complete(string gatewayName, string upstream)
    {
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        var (first, last) = (_messages[0], _messages[^1]);
        IdempotencyKey = string.Create(
            CultureInfo.InvariantCulture, $"{gatewayName}/{upstream}/{first.Queue.Name}-{first.Position:x}/{last.Queue.Name}-{last.Position:x}/{_messages.Count}");
        return _buffer.WrittenMemory;
    }

    private void WriteProperties(ReadOnlyMemory<byte> encoded)
    {
        if (encoded.IsEmpty)
            return;
        var properties = new MessageProperties(encoded);
        if (properties.ContentType is { } type)
            _json.WriteString("contentType", type);
        if (!properties.UserProperties.Any())
            return;
        _json.WriteStartArray("userProperties");
        foreach (var (name, value) in properties.UserProperties)
        {
            _json.WriteStartObject();
            _json.WriteString(name, value);
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private void WritePayload(ReadOnlySpan<byte> payload)
    {
        if (IsJson(payload))
        {
            _json.WritePropertyName("payload");
            _json.WriteRawValue(payload, skipInputValidation: true);
        }
        else if (Utf8.IsValid(payload) && !payload.Contains((byte)0))
            _json.WriteString("text", Encoding.UTF8.GetString(payload));
        else
            _json.WriteBase64String("base64", payload);
    }

    private static bool IsJson(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        try
        {
            while (reader.Read())
            {
            }
            return reader.BytesConsumed == payload.Length && payload.Length > 0 && Utf8.IsValid(payload);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
