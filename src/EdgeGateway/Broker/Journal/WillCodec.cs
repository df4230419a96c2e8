using System.Buffers.Binary;
using System.Text;
using EdgeGateway.Messaging;

namespace EdgeGateway.Broker.Journal;

/// <summary>A will inside a session's record: length (4), flags (1), delay (4), topic length (2), properties length (4), topic, properties, payload.</summary>
internal static class WillCodec
{
    public static byte[] Write(Will will)
    {
        var topic = Encoding.UTF8.GetBytes(will.Topic);
        var properties = will.Properties?.Encoded ?? default;
        var bytes = new byte[15 + topic.Length + properties.Length + will.Payload.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        bytes[4] = (byte)((int)will.QualityOfService | (will.Retain ? 4 : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(5), will.DelaySeconds);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(9), (ushort)topic.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(11), properties.Length);
        topic.CopyTo(bytes.AsSpan(15));
        properties.Span.CopyTo(bytes.AsSpan(15 + topic.Length));
        will.Payload.Span.CopyTo(bytes.AsSpan(15 + topic.Length + properties.Length));
        return bytes;
    }

    /// <param name="length">Bytes the will took.</param>
    public static Will Read(ReadOnlySpan<byte> bytes, out int length)
    {
        length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var topicLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[9..]);
        var propertiesLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[11..]);
        var properties = bytes.Slice(15 + topicLength, propertiesLength);
        return new(
            Encoding.UTF8.GetString(bytes.Slice(15, topicLength)),
            bytes[(15 + topicLength + propertiesLength)..length].ToArray(),
            (QualityOfService)(bytes[4] & 3),
            (bytes[4] & 4) != 0,
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[5..]),
            properties.IsEmpty ? null : new(properties.ToArray()));
    }
}
