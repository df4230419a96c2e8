using System.Buffers.Binary;
using System.Text;
using EdgeGateway.Messaging;

namespace EdgeGateway.Broker.Journal;

/// <summary>A message as the log has it.</summary>
internal sealed class MessageImage
{
    /// <summary>Fixed part of the record's header; the publisher's client id follows.</summary>
    public const int HeaderBytes = 37;

    private readonly byte[] _bytes;
    private readonly int _topicLength;
    private readonly int _propertiesLength;

    private MessageImage(byte[] bytes, int topicLength, int propertiesLength)
    {
        _bytes = bytes;
        _topicLength = topicLength;
        _propertiesLength = propertiesLength;
    }

    public long Number { get; private init; }

    /// <summary>It came by a QoS 2 exchange that the record does not yet know to be complete.</summary>
    public bool IsOpen { get; set; }
    public long Position { get; private init; }
    public long ExpiresAt { get; private init; }
    public long ReceivedAt { get; private init; }
    public QualityOfService QualityOfService { get; private init; }
    public bool Retain { get; private init; }
    public string? ClientId { get; private init; }
    public ReadOnlySpan<byte> Topic => _bytes.AsSpan(0, _topicLength);

    public MessageView View => new()
    {
        Topic = Topic,
        Properties = _bytes.AsSpan(_topicLength, _propertiesLength),
        Payload = _bytes.AsSpan(_topicLength + _propertiesLength),
        QualityOfService = QualityOfService,
        Retain = Retain,
        ReceivedAt = ReceivedAt,
        ClientId = ClientId,
        Origin = MessageOrigin.Broker,
    };

    /// <summary>The header of a copy: the record that completed its exchange lies before it, or is let go, and must not be waited for again.</summary>
    public static byte[] Completed(ReadOnlySpan<byte> header)
    {
        var copy = header.ToArray();
        copy.AsSpan(31, HeaderBytes - 31).Clear();
        return copy;
    }

    public static MessageImage Read(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, long position) =>
        new(body.ToArray(), BinaryPrimitives.ReadUInt16LittleEndian(header[25..]), BinaryPrimitives.ReadInt32LittleEndian(header[27..]))
        {
            Number = BinaryPrimitives.ReadInt64LittleEndian(header),
            ReceivedAt = BinaryPrimitives.ReadInt64LittleEndian(header[8..]),
            ExpiresAt = BinaryPrimitives.ReadInt64LittleEndian(header[16..]),
            QualityOfService = (QualityOfService)(header[24] & 3),
            Retain = (header[24] & 4) != 0,
            ClientId = header.Length > HeaderBytes ? Encoding.UTF8.GetString(header[HeaderBytes..]) : null,
            IsOpen = BinaryPrimitives.ReadUInt16LittleEndian(header[35..]) != 0,
            Position = position,
        };
}
