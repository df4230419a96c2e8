using System.Buffers.Binary;
using System.Text;
using EdgeGateway.Rules.Secrets;

namespace EdgeGateway.Rules.Delivery;

/// <summary>
/// A stored item. In the log: type 1 is an item, its header is the key; the body begins with time (8), source (8) and a flag of sealing
/// (1). Type 2 settles an item: the body is its position (8) and the highest source so far (8); little-endian.
/// </summary>
internal static class DeliveryRecord
{
    public const byte Item = 1, Settled = 2;

    private const int PrefixBytes = 17;

    public static byte[] Write(DeliveryItem item, SecretBox? box)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(item.Parcel.Kind);
            writer.Write(item.Parcel.Resource);
            Write(writer, item.Parcel.Bytes);
            writer.Write(item.Topic);
            writer.Write(item.ClientId is not null);
            if (item.ClientId is { } client)
                writer.Write(client);
            writer.Write(item.TraceId);
            writer.Write(item.Hops);
            Write(writer, item.Payload.Span);
        }
        var body = stream.ToArray();
        if (box is not null)
            body = box.Seal(body);
        var record = new byte[PrefixBytes + body.Length];
        BinaryPrimitives.WriteInt64LittleEndian(record, item.StoredAt);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), item.Source);
        record[16] = box is null ? (byte)0 : (byte)1;
        body.CopyTo(record, PrefixBytes);
        return record;
    }

    public static long StoredAt(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadInt64LittleEndian(body);

    public static long Source(ReadOnlySpan<byte> body) => BinaryPrimitives.ReadInt64LittleEndian(body[8..]);

    /// <returns>Null where it is sealed with a key that is no longer there.</returns>
    public static DeliveryItem? Read(ReadOnlyMemory<byte> body, SecretBox box)
    {
        var rest = body[PrefixBytes..].ToArray();
        if (body.Span[16] == 1)
        {
            if (box.Open(rest) is not { } opened)
                return null;
            rest = opened;
        }
        using var reader = new BinaryReader(new MemoryStream(rest), Encoding.UTF8);
        var parcel = new Parcel(reader.ReadString(), reader.ReadString(), reader.ReadBytes(reader.ReadInt32()));
        var topic = reader.ReadString();
        var client = reader.ReadBoolean() ? reader.ReadString() : null;
        var trace = reader.ReadString();
        var hops = reader.ReadInt32();
        return new(parcel, topic, client, trace, reader.ReadBytes(reader.ReadInt32()), StoredAt(body.Span), Source(body.Span), hops);
    }

    private static void Write(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }
}
