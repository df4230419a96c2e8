using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// One MessagePack object (specification of msgpack.org, version 5) as a value: bytes and extensions become base64, the timestamp extension (type −1)
/// Unix milliseconds, map keys text. Depth and sizes are bounded by the input's own length.
/// </summary>
internal ref struct MsgPackDecoder
{
    private readonly SqlVersion _version;
    private ReadOnlySpan<byte> _rest;
    private int _depth;

    private MsgPackDecoder(ReadOnlySpan<byte> bytes, SqlVersion version)
    {
        _rest = bytes;
        _version = version;
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, SqlVersion version, out SqlValue value)
    {
        var decoder = new MsgPackDecoder(bytes, version);
        return decoder.TryRead(out value) && decoder._rest.IsEmpty;
    }

    private bool TryRead(out SqlValue value)
    {
        value = default;
        if (_depth >= SqlJson.MaxDepth || _rest.IsEmpty)
            return false;
        _depth++;
        var head = _rest[0];
        _rest = _rest[1..];
        var isRead = head switch
        {
            <= 0x7f => Give(head, out value),
            <= 0x8f => TryMap(head & 15, out value),
            <= 0x9f => TryArray(head & 15, out value),
            <= 0xbf => TryText(head & 31, out value),
            0xc0 => Give(SqlValue.Null, out value),
            0xc2 or 0xc3 => Give(head == 0xc3, out value),
            0xc4 or 0xc5 or 0xc6 => TryLength(1 << (head - 0xc4), out var length) && TryBytes(length, out value),
            0xc7 or 0xc8 or 0xc9 => TryLength(1 << (head - 0xc7), out var length) && TryExtension(length, out value),
            0xca => TryFloat(4, out value),
            0xcb => TryFloat(8, out value),
            >= 0xcc and <= 0xcf => TryInteger(1 << (head - 0xcc), isSigned: false, out value),
            >= 0xd0 and <= 0xd3 => TryInteger(1 << (head - 0xd0), isSigned: true, out value),
            >= 0xd4 and <= 0xd8 => TryExtension(1 << (head - 0xd4), out value),
            0xd9 or 0xda or 0xdb => TryLength(1 << (head - 0xd9), out var length) && TryText(length, out value),
            0xdc or 0xdd => TryLength(head == 0xdc ? 2 : 4, out var count) && TryArray(count, out value),
            0xde or 0xdf => TryLength(head == 0xde ? 2 : 4, out var count) && TryMap(count, out value),
            >= 0xe0 => Give((sbyte)head, out value),
            _ => false, // 0xc1 is never used
        };
        _depth--;
        return isRead;
    }

    private static bool Give(SqlValue given, out SqlValue value)
    {
        value = given;
        return true;
    }

    private bool TryTake(long length, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (length > _rest.Length)
            return false;
        bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    private bool TryLength(int bytes, out long length)
    {
        length = 0;
        if (!TryTake(bytes, out var taken))
            return false;
        foreach (var part in taken)
            length = length << 8 | part;
        return true;
    }

    private bool TryInteger(int bytes, bool isSigned, out SqlValue value)
    {
        value = default;
        if (!TryTake(bytes, out var taken) || !SqlNumber.TryCreate(new BigInteger(taken, isUnsigned: !isSigned, isBigEndian: true), 0, out var number))
            return false;
        value = SqlValue.Int(number);
        return true;
    }

    private bool TryFloat(int bytes, out SqlValue value)
    {
        value = default;
        if (!TryTake(bytes, out var taken))
            return false;
        // A single is meant as the number it was written from: 21.5, 0.1; not as what its bits are in doubles.
        value = bytes == 8
            ? SqlValue.Double(BinaryPrimitives.ReadDoubleBigEndian(taken), _version)
            : SqlValue.Double(Unpacking.Widen(BinaryPrimitives.ReadSingleBigEndian(taken)), _version);
        return true;
    }

    private bool TryText(long length, out SqlValue value)
    {
        value = default;
        if (!TryTake(length, out var taken) || !Utf8.IsValid(taken))
            return false;
        value = Encoding.UTF8.GetString(taken);
        return true;
    }

    private bool TryBytes(long length, out SqlValue value)
    {
        value = default;
        if (!TryTake(length, out var taken))
            return false;
        value = Convert.ToBase64String(taken);
        return true;
    }

    private bool TryExtension(long length, out SqlValue value)
    {
        value = default;
        if (!TryTake(1, out var type) || !TryTake(length, out var data))
            return false;
        value = (sbyte)type[0] != -1 ? Convert.ToBase64String(data) : data.Length switch
        {
            4 => BinaryPrimitives.ReadUInt32BigEndian(data) * 1000L,
            8 => ((long)(BinaryPrimitives.ReadUInt64BigEndian(data) & 0x3_FFFF_FFFF) * 1000) + (long)((BinaryPrimitives.ReadUInt64BigEndian(data) >> 34) / 1_000_000),
            12 => (BinaryPrimitives.ReadInt64BigEndian(data[4..]) * 1000) + (BinaryPrimitives.ReadUInt32BigEndian(data) / 1_000_000),
            _ => default(SqlValue),
        };
        return !value.IsUndefined;
    }

    private bool TryArray(long count, out SqlValue value)
    {
        value = default;
        if (count > _rest.Length)
            return false;
        var items = new List<SqlValue>();
        for (var i = 0; i < count; i++)
        {
            if (!TryRead(out var item))
                return false;
            items.Add(item);
        }
        value = SqlValue.Array(items);
        return true;
    }

    private bool TryMap(long count, out SqlValue value)
    {
        value = default;
        if (count * 2 > _rest.Length)
            return false;
        var members = new SqlObject();
        for (var i = 0; i < count; i++)
        {
            if (!TryRead(out var key) || !TryRead(out var member))
                return false;
            members.Set(key.ToStringOrNull() ?? key.ToString(), member);
        }
        value = members;
        return true;
    }
}
