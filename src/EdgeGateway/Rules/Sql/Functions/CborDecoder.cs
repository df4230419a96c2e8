using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// One CBOR item (RFC 8949) as a value: byte strings become base64, map keys text, tags are looked through but for
/// bignums (2, 3). Indefinite lengths are read; depth and sizes are bounded by the input's own length.
/// </summary>
internal ref struct CborDecoder
{
    private readonly SqlVersion _version;
    private ReadOnlySpan<byte> _rest;
    private int _depth;

    private CborDecoder(ReadOnlySpan<byte> bytes, SqlVersion version)
    {
        _rest = bytes;
        _version = version;
    }

    public static bool TryDecode(ReadOnlySpan<byte> bytes, SqlVersion version, out SqlValue value)
    {
        var decoder = new CborDecoder(bytes, version);
        return decoder.TryRead(out value) && decoder._rest.IsEmpty;
    }

    private bool TryRead(out SqlValue value)
    {
        value = default;
        if (_depth >= SqlJson.MaxDepth || !TryHead(out var major, out var detail, out var argument))
            return false;
        _depth++;
        var read = major switch
        {
            0 => TryInteger(argument, negative: false, out value),
            1 => TryInteger(argument, negative: true, out value),
            2 or 3 => TryString(major, detail, argument, out value),
            4 => TryArray(detail, argument, out value),
            5 => TryMap(detail, argument, out value),
            6 => TryTagged(argument, out value),
            _ => TrySimple(detail, argument, out value),
        };
        _depth--;
        return read;
    }

    private bool TryHead(out int major, out int detail, out ulong argument)
    {
        (major, detail, argument) = (0, 0, 0);
        if (_rest.IsEmpty)
            return false;
        (major, detail) = (_rest[0] >> 5, _rest[0] & 31);
        _rest = _rest[1..];
        if (detail < 24 || detail == 31)
        {
            argument = (ulong)detail;
            return detail < 24 || major is >= 2 and <= 5 or 7;
        }
        if (detail > 27)
            return false;
        var length = 1 << (detail - 24);
        if (_rest.Length < length)
            return false;
        for (var i = 0; i < length; i++)
            argument = argument << 8 | _rest[i];
        _rest = _rest[length..];
        return true;
    }

    private static bool TryInteger(ulong argument, bool negative, out SqlValue value)
    {
        var ok = SqlNumber.TryCreate(negative ? -1 - (BigInteger)argument : argument, 0, out var number);
        value = SqlValue.Int(number);
        return ok;
    }

    private bool TryString(int major, int detail, ulong argument, out SqlValue value)
    {
        value = default;
        if (!TryBytes(major, detail, argument, out var bytes))
            return false;
        if (major == 2)
            value = Convert.ToBase64String(bytes);
        else if (Utf8.IsValid(bytes))
            value = Encoding.UTF8.GetString(bytes);
        return !value.IsUndefined;
    }

    private bool TryBytes(int major, int detail, ulong argument, out byte[] bytes)
    {
        bytes = [];
        if (detail != 31)
        {
            if (argument > (ulong)_rest.Length)
                return false;
            bytes = _rest[..(int)argument].ToArray();
            _rest = _rest[(int)argument..];
            return true;
        }
        var chunks = new List<byte>();
        while (!TryBreak())
        {
            if (!TryHead(out var chunkMajor, out var chunkDetail, out var length) || chunkMajor != major || chunkDetail == 31
                || !TryBytes(major, chunkDetail, length, out var chunk))
                return false;
            chunks.AddRange(chunk);
        }
        bytes = [.. chunks];
        return true;
    }

    private bool TryBreak()
    {
        if (_rest.IsEmpty || _rest[0] != 0xFF)
            return false;
        _rest = _rest[1..];
        return true;
    }

    private bool TryArray(int detail, ulong count, out SqlValue value)
    {
        value = default;
        var items = new List<SqlValue>();
        for (ulong i = 0; detail == 31 ? !TryBreak() : i < count; i++)
        {
            if (!TryRead(out var item))
                return false;
            items.Add(item);
        }
        value = SqlValue.Array(items);
        return true;
    }

    private bool TryMap(int detail, ulong count, out SqlValue value)
    {
        value = default;
        var members = new SqlObject();
        for (ulong i = 0; detail == 31 ? !TryBreak() : i < count; i++)
        {
            if (!TryRead(out var key) || key.ToStringOrNull() is not { } name || !TryRead(out var member))
                return false;
            members.Set(name, member);
        }
        value = members;
        return true;
    }

    private bool TryTagged(ulong tag, out SqlValue value)
    {
        value = default;
        if (tag is not (2 or 3))
            return TryRead(out value);
        if (!TryHead(out var major, out var detail, out var argument) || major != 2 || !TryBytes(major, detail, argument, out var bytes) || bytes.Length > 512)
            return false;
        var big = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        if (!SqlNumber.TryCreate(tag == 3 ? -1 - big : big, 0, out var number))
            return false;
        value = SqlValue.Int(number);
        return true;
    }

    private readonly bool TrySimple(int detail, ulong argument, out SqlValue value)
    {
        switch (detail)
        {
            case 20 or 21:
                value = detail == 21;
                return true;
            case 22:
                value = SqlValue.Null;
                return true;
            case 23:
                value = SqlValue.Undefined;
                return true;
            case 25:
                value = SqlValue.Double((double)BitConverter.UInt16BitsToHalf((ushort)argument), _version);
                return true;
            case 26:
                value = SqlValue.Double(BitConverter.UInt32BitsToSingle((uint)argument), _version);
                return true;
            case 27:
                value = SqlValue.Double(BitConverter.UInt64BitsToDouble(argument), _version);
                return true;
            default:
                value = default;
                return false;
        }
    }
}
