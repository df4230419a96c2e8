using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace EdgeGateway.Messaging;

/// <summary>
/// The MQTT 5 properties that belong to the message rather than to one hop (MQTT 5.0 §3.3.2.3): payload format indicator,
/// message expiry interval, content type, response topic, correlation data and user properties. Kept as they are on the wire
/// (without the length in front), so that forwarding copies bytes; a reader decodes what it asks for.
/// </summary>
public sealed class MessageProperties(ReadOnlyMemory<byte> encoded)
{
    private const byte PayloadFormatId = 0x01, ExpiryId = 0x02, ContentTypeId = 0x03, ResponseTopicId = 0x08, CorrelationId = 0x09, UserPropertyId = 0x26;

    /// <summary>Wire form, without the property length.</summary>
    public ReadOnlyMemory<byte> Encoded { get; } = encoded;

    /// <summary>True: the publisher says that the payload is UTF-8 text.</summary>
    public bool PayloadIsUtf8 => Find(PayloadFormatId, out var value) && value[0] == 1;

    /// <summary>Seconds the message may wait; null: for ever.</summary>
    public uint? MessageExpirySeconds => Find(ExpiryId, out var value) ? BinaryPrimitives.ReadUInt32BigEndian(value) : null;

    public string? ContentType => Find(ContentTypeId, out var value) ? Encoding.UTF8.GetString(value) : null;
    public string? ResponseTopic => Find(ResponseTopicId, out var value) ? Encoding.UTF8.GetString(value) : null;
    public ReadOnlyMemory<byte>? CorrelationData => Find(CorrelationId, out var value) ? value.ToArray() : null;

    /// <summary>In the publisher's order, duplicates kept [MQTT-3.3.2-18].</summary>
    public IReadOnlyList<KeyValuePair<string, string>> UserProperties
    {
        get
        {
            var all = new List<KeyValuePair<string, string>>();
            var rest = Encoded.Span;
            while (Next(ref rest, out var id, out var value, out var second))
                if (id == UserPropertyId)
                    all.Add(new(Encoding.UTF8.GetString(value), Encoding.UTF8.GetString(second)));
            return all;
        }
    }

    /// <summary>Builds the wire form; nothing given, null is returned.</summary>
    public static MessageProperties? Create(
        IEnumerable<KeyValuePair<string, string>>? userProperties = null,
        string? contentType = null,
        string? responseTopic = null,
        ReadOnlySpan<byte> correlationData = default,
        uint? messageExpirySeconds = null,
        bool payloadIsUtf8 = false)
    {
        var buffer = new ArrayBufferWriter<byte>();
        if (payloadIsUtf8)
            buffer.Write<byte>([PayloadFormatId, 1]);
        if (messageExpirySeconds is { } expiry)
        {
            Span<byte> bytes = stackalloc byte[5];
            bytes[0] = ExpiryId;
            BinaryPrimitives.WriteUInt32BigEndian(bytes[1..], expiry);
            buffer.Write(bytes);
        }
        if (contentType is not null)
            WriteText(buffer, ContentTypeId, contentType);
        if (responseTopic is not null)
            WriteText(buffer, ResponseTopicId, responseTopic);
        if (!correlationData.IsEmpty)
        {
            buffer.Write<byte>([CorrelationId]);
            WriteBinary(buffer, correlationData);
        }
        foreach (var (name, value) in userProperties ?? [])
        {
            WriteText(buffer, UserPropertyId, name);
            WriteBinary(buffer, Encoding.UTF8.GetBytes(value));
        }
        return buffer.WrittenCount == 0 ? null : new(buffer.WrittenMemory.ToArray());
    }

    private static void WriteText(ArrayBufferWriter<byte> buffer, byte id, string text)
    {
        buffer.Write<byte>([id]);
        WriteBinary(buffer, Encoding.UTF8.GetBytes(text));
    }

    private static void WriteBinary(ArrayBufferWriter<byte> buffer, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > ushort.MaxValue)
            throw new ArgumentException($"a property holds at most 65535 bytes, not {bytes.Length}");
        BinaryPrimitives.WriteUInt16BigEndian(buffer.GetSpan(2), (ushort)bytes.Length);
        buffer.Advance(2);
        buffer.Write(bytes);
    }

    private bool Find(byte wanted, out ReadOnlySpan<byte> value)
    {
        var rest = Encoded.Span;
        while (Next(ref rest, out var id, out value, out _))
            if (id == wanted)
                return true;
        value = default;
        return false;
    }

    private static bool Next(scoped ref ReadOnlySpan<byte> rest, out byte id, out ReadOnlySpan<byte> value, out ReadOnlySpan<byte> second)
    {
        second = default;
        if (rest.IsEmpty)
        {
            id = 0;
            value = default;
            return false;
        }
        id = rest[0];
        rest = rest[1..];
        value = id switch
        {
            PayloadFormatId => Take(ref rest, 1),
            ExpiryId => Take(ref rest, 4),
            ContentTypeId or ResponseTopicId or CorrelationId or UserPropertyId => TakePrefixed(ref rest),
            _ => throw new InvalidOperationException($"property 0x{id:X2} does not travel with a message"),
        };
        if (id == UserPropertyId)
            second = TakePrefixed(ref rest);
        return true;
    }

    private static ReadOnlySpan<byte> TakePrefixed(scoped ref ReadOnlySpan<byte> rest) =>
        Take(ref rest, BinaryPrimitives.ReadUInt16BigEndian(Take(ref rest, 2)));

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> rest, int count)
    {
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
