using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>Values as CBOR (RFC 8949, shortest heads) and as MessagePack. Numbers that fit 64 bits are integers, others doubles; Undefined members and items are left out.</summary>
internal static class BinaryWriters
{
    public static byte[] Cbor(SqlValue value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        WriteCbor(buffer, value);
        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] MsgPack(SqlValue value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        WriteMsgPack(buffer, value);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteCbor(ArrayBufferWriter<byte> to, SqlValue value)
    {
        switch (value.Kind)
        {
            case SqlKind.Boolean:
                to.Write([(byte)(value.IsTrue ? 0xf5 : 0xf4)]);
                break;
            case SqlKind.Int or SqlKind.Decimal when value.AsNumber.TryToInt64(out var whole):
                CborHead(to, whole < 0 ? 1 : 0, whole < 0 ? (ulong)~whole : (ulong)whole);
                break;
            case SqlKind.Int or SqlKind.Decimal:
                WithDouble(to, 0xfb, value);
                break;
            case SqlKind.String:
                var text = Encoding.UTF8.GetBytes(value.AsString);
                CborHead(to, 3, (ulong)text.Length);
                to.Write(text);
                break;
            case SqlKind.Array:
                CborHead(to, 4, (ulong)value.AsArray.Count(static item => !item.IsUndefined));
                foreach (var item in value.AsArray)
                    WriteIfAny(to, item, WriteCbor);
                break;
            case SqlKind.Object:
                CborHead(to, 5, (ulong)Count(value.AsObject));
                Members(to, value.AsObject, WriteCbor);
                break;
            default:
                to.Write((ReadOnlySpan<byte>)[0xf6]);
                break;
        }
    }

    private static void WriteMsgPack(ArrayBufferWriter<byte> to, SqlValue value)
    {
        switch (value.Kind)
        {
            case SqlKind.Boolean:
                to.Write([(byte)(value.IsTrue ? 0xc3 : 0xc2)]);
                break;
            case SqlKind.Int or SqlKind.Decimal when value.AsNumber.TryToInt64(out var whole):
                MsgPackInteger(to, whole);
                break;
            case SqlKind.Int or SqlKind.Decimal:
                WithDouble(to, 0xcb, value);
                break;
            case SqlKind.String:
                var text = Encoding.UTF8.GetBytes(value.AsString);
                MsgPackHead(to, text.Length, 0xa0, 31, 0xd9, 0xda);
                to.Write(text);
                break;
            case SqlKind.Array:
                MsgPackHead(to, value.AsArray.Count(static item => !item.IsUndefined), 0x90, 15, 0, 0xdc);
                foreach (var item in value.AsArray)
                    WriteIfAny(to, item, WriteMsgPack);
                break;
            case SqlKind.Object:
                MsgPackHead(to, Count(value.AsObject), 0x80, 15, 0, 0xde);
                Members(to, value.AsObject, WriteMsgPack);
                break;
            default:
                to.Write((ReadOnlySpan<byte>)[0xc0]);
                break;
        }
    }

    private static int Count(SqlObject members) => Enumerable.Range(0, members.Count).Count(i => !members[i].Value.IsUndefined);

    private static void Members(ArrayBufferWriter<byte> to, SqlObject members, Action<ArrayBufferWriter<byte>, SqlValue> write)
    {
        for (var i = 0; i < members.Count; i++)
        {
            if (members[i].Value.IsUndefined)
                continue;
            write(to, members[i].Key);
            write(to, members[i].Value);
        }
    }

    private static void WriteIfAny(ArrayBufferWriter<byte> to, SqlValue item, Action<ArrayBufferWriter<byte>, SqlValue> write)
    {
        if (!item.IsUndefined)
            write(to, item);
    }

    private static void WithDouble(ArrayBufferWriter<byte> to, byte head, SqlValue value)
    {
        to.Write([head]);
        BinaryPrimitives.WriteDoubleBigEndian(to.GetSpan(8), value.AsNumber.ToDouble());
        to.Advance(8);
    }

    private static void CborHead(ArrayBufferWriter<byte> to, int major, ulong argument)
    {
        var kind = (byte)(major << 5);
        if (argument < 24)
            to.Write([(byte)(kind | (byte)argument)]);
        else
            Sized(to, (byte)(kind | (argument <= byte.MaxValue ? 24 : argument <= ushort.MaxValue ? 25 : argument <= uint.MaxValue ? 26 : 27)), argument, argument <= byte.MaxValue ? 1 : argument <= ushort.MaxValue ? 2 : argument <= uint.MaxValue ? 4 : 8);
    }

    private static void MsgPackInteger(ArrayBufferWriter<byte> to, long value)
    {
        if (value is >= -32 and <= 127)
            to.Write([(byte)value]);
        else if (value >= 0)
            Sized(to, (byte)(value <= byte.MaxValue ? 0xcc : value <= ushort.MaxValue ? 0xcd : value <= uint.MaxValue ? 0xce : 0xcf), (ulong)value, value <= byte.MaxValue ? 1 : value <= ushort.MaxValue ? 2 : value <= uint.MaxValue ? 4 : 8);
        else
            Sized(to, (byte)(value >= sbyte.MinValue ? 0xd0 : value >= short.MinValue ? 0xd1 : value >= int.MinValue ? 0xd2 : 0xd3), (ulong)value, value >= sbyte.MinValue ? 1 : value >= short.MinValue ? 2 : value >= int.MinValue ? 4 : 8);
    }

    /// <param name="in8">Head of a length of one byte; 0: there is none.</param>
    /// <param name="in16">Of two bytes; that of four is the next.</param>
    private static void MsgPackHead(ArrayBufferWriter<byte> to, int length, byte small, int mostSmall, byte in8, byte in16)
    {
        if (length <= mostSmall)
            to.Write([(byte)(small | length)]);
        else if (in8 != 0 && length <= byte.MaxValue)
            Sized(to, in8, (ulong)length, 1);
        else
            Sized(to, (byte)(length <= ushort.MaxValue ? in16 : in16 + 1), (ulong)length, length <= ushort.MaxValue ? 2 : 4);
    }

    private static void Sized(ArrayBufferWriter<byte> to, byte head, ulong value, int bytes)
    {
        to.Write([head]);
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(all, value);
        to.Write(all[(8 - bytes)..]);
    }
}
