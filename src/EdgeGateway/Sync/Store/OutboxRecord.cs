using System.Buffers.Binary;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Sync.Store;

/// <summary>
/// A stored message. In the log: the record's header is the upstream's topic, its flags are QoS (bits 0, 1) and retain (bit 2), its
/// body is sequence (8), time of arrival (8, Unix ms), uptime (8, ms), boot (4), trust (1), version (1), length of the
/// properties (4), properties, payload; little-endian. In a thinned log the sequence it had where it came from (8) ends the body.
/// </summary>
internal static class OutboxRecord
{
    public const byte Message = 1;

    /// <summary>Type of a message in a thinned log.</summary>
    public const byte Thinned = 2;

    /// <summary>Bytes before the properties.</summary>
    public const int PrefixBytes = 34;

    private const int SourceBytes = 8;
    private const byte Version = 1, RetainFlag = 4, QosMask = 3;

    public static byte Flags(in MessageView message) =>
        (byte)((byte)message.QualityOfService | (message.Retain ? RetainFlag : 0));

    public static void WritePrefix(Span<byte> target, long sequence, in MessageStamp stamp, int propertiesLength)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, sequence);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], stamp.ReceivedAt);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], stamp.Uptime);
        BinaryPrimitives.WriteInt32LittleEndian(target[24..], stamp.Boot);
        target[28] = stamp.Trusted ? (byte)1 : (byte)0;
        target[29] = Version;
        BinaryPrimitives.WriteInt32LittleEndian(target[30..], propertiesLength);
    }

    public static long SequenceOf(in LogRecord record) => BinaryPrimitives.ReadInt64LittleEndian(record.Body.Span);

    public static MessageStamp StampOf(in LogRecord record)
    {
        var body = record.Body.Span;
        return new(
            BinaryPrimitives.ReadInt64LittleEndian(body[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(body[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(body[24..]),
            body[28] == 1);
    }

    public static ReadOnlyMemory<byte> PropertiesOf(in LogRecord record) =>
        record.Body.Slice(PrefixBytes, BinaryPrimitives.ReadInt32LittleEndian(record.Body.Span[30..]));

    public static ReadOnlyMemory<byte> PayloadOf(in LogRecord record) =>
        record.Body[(PrefixBytes + BinaryPrimitives.ReadInt32LittleEndian(record.Body.Span[30..]))..(record.Body.Length - (record.Type == Thinned ? SourceBytes : 0))];

    /// <summary>Where a thinned message comes from: its sequence in the finer log; 0 for others.</summary>
    public static long SourceOf(in LogRecord record) => record.Type == Thinned ? BinaryPrimitives.ReadInt64LittleEndian(record.Body.Span[^SourceBytes..]) : 0;

    public static bool RetainOf(in LogRecord record) => (record.Flags & RetainFlag) != 0;

    public static QualityOfService QosOf(in LogRecord record) => (QualityOfService)(record.Flags & QosMask);
}
