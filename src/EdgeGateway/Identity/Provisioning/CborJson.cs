using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>The part of CBOR (RFC 8949) that provisioning speaks, to and from JSON values: maps with text keys, text, integers, booleans, null, arrays.</summary>
/// <remarks>Definite and indefinite lengths are read; definite ones, shortest form, are written. Tags are skipped.</remarks>
internal ref struct CborJson
{
    private const int MaxDepth = 16;
    private const int Break = 0xFF;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private CborJson(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <exception cref="FormatException">Names the byte where it goes wrong.</exception>
    public static JsonNode? Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new CborJson(bytes);
        var value = reader.ReadValue(0);
        return reader._at == bytes.Length ? value : throw reader.Fault("something follows the value");
    }

    public static byte[] Write(JsonNode? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        WriteValue(buffer, value);
        return buffer.WrittenSpan.ToArray();
    }

    private JsonNode? ReadValue(int depth)
    {
        if (depth > MaxDepth)
            throw Fault($"nested deeper than {MaxDepth}");
        var initial = Next();
        var (major, additional) = (initial >> 5, initial & 0x1F);
        switch (major)
        {
            case 0:
                return JsonValue.Create(Argument(additional));
            case 1:
                return Argument(additional) is var n && n <= long.MaxValue ? JsonValue.Create(-1 - (long)n) : throw Fault("integer out of range");
            case 2:
                return JsonValue.Create(Convert.ToBase64String(Chunks(major, additional)));
            case 3:
                return JsonValue.Create(Text(additional));
            case 4:
                return ReadArray(additional, depth);
            case 5:
                return ReadMap(additional, depth);
            case 6:
                _ = Argument(additional);
                return ReadValue(depth + 1);
            default:
                return ReadSimple(additional);
        }
    }

    private JsonArray ReadArray(int additional, int depth)
    {
        var array = new JsonArray();
        for (var left = Count(additional); left != 0 && !AtBreak(left); left--)
            array.Add(ReadValue(depth + 1));
        return array;
    }

    private JsonObject ReadMap(int additional, int depth)
    {
        var map = new JsonObject();
        for (var left = Count(additional); left != 0 && !AtBreak(left); left--)
        {
            var initial = Next();
            if (initial >> 5 != 3)
                throw Fault("a map key is no text");
            var key = Text(initial & 0x1F);
            if (!map.TryAdd(key, ReadValue(depth + 1)))
                throw Fault($"key '{key}' is there twice");
        }
        return map;
    }

    private JsonNode? ReadSimple(int additional) => additional switch
    {
        20 => JsonValue.Create(false),
        21 => JsonValue.Create(true),
        22 or 23 => null,
        25 => JsonValue.Create((double)BinaryPrimitives.ReadHalfBigEndian(Take(2))),
        26 => JsonValue.Create((double)BinaryPrimitives.ReadSingleBigEndian(Take(4))),
        27 => JsonValue.Create(BinaryPrimitives.ReadDoubleBigEndian(Take(8))),
        _ => throw Fault("unknown simple value"),
    };

    private string Text(int additional)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Chunks(3, additional));
        }
        catch (DecoderFallbackException)
        {
            throw Fault("text is not UTF-8");
        }
    }

    private byte[] Chunks(int major, int additional)
    {
        if (additional != 31)
            return Take(Length(additional)).ToArray();
        var whole = new List<byte>();
        while (!AtBreak(-1))
        {
            var initial = Next();
            if (initial >> 5 != major || (initial & 0x1F) == 31)
                throw Fault("a chunk of another kind");
            whole.AddRange(Take(Length(initial & 0x1F)));
        }
        return [.. whole];
    }

    /// <returns>How many items follow; negative for an indefinite length, which a break ends.</returns>
    private int Count(int additional) => additional == 31 ? -1 : Length(additional);

    private bool AtBreak(int left)
    {
        if (left >= 0 || _at >= _bytes.Length || _bytes[_at] != Break)
            return false;
        _at++;
        return true;
    }

    /// <summary>A length never exceeds the bytes left, so that a few bytes cannot ask for gigabytes.</summary>
    private int Length(int additional) => Argument(additional) is var length && length <= (ulong)(_bytes.Length - _at) ? (int)length : throw Fault("longer than the message");

    private ulong Argument(int additional) => additional switch
    {
        < 24 => (ulong)additional,
        24 => Next(),
        25 => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
        26 => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
        27 => BinaryPrimitives.ReadUInt64BigEndian(Take(8)),
        _ => throw Fault("malformed length"),
    };

    private byte Next() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _at)
            throw Fault("it ends too early");
        _at += count;
        return _bytes.Slice(_at - count, count);
    }

    private readonly FormatException Fault(string what) => new($"CBOR, byte {_at}: {what}");

    private static void WriteValue(ArrayBufferWriter<byte> buffer, JsonNode? value)
    {
        switch (value?.GetValueKind())
        {
            case null or JsonValueKind.Null:
                WriteByte(buffer, 0xF6);
                break;
            case JsonValueKind.Object:
                WriteHead(buffer, 5, (ulong)value.AsObject().Count);
                foreach (var (key, item) in value.AsObject())
                {
                    WriteText(buffer, key);
                    WriteValue(buffer, item);
                }
                break;
            case JsonValueKind.Array:
                WriteHead(buffer, 4, (ulong)value.AsArray().Count);
                foreach (var item in value.AsArray())
                    WriteValue(buffer, item);
                break;
            case JsonValueKind.True or JsonValueKind.False:
                WriteByte(buffer, value.GetValue<bool>() ? (byte)0xF5 : (byte)0xF4);
                break;
            case JsonValueKind.Number:
                WriteNumber(buffer, value.AsValue());
                break;
            default:
                WriteText(buffer, value.GetValue<string>());
                break;
        }
    }

    private static void WriteNumber(ArrayBufferWriter<byte> buffer, JsonValue number)
    {
        if (number.TryGetValue(out int small))
            WriteHead(buffer, small < 0 ? 1 : 0, small < 0 ? (ulong)(-1L - small) : (ulong)small);
        else if (number.TryGetValue(out long whole))
            WriteHead(buffer, whole < 0 ? 1 : 0, whole < 0 ? (ulong)(-1 - whole) : (ulong)whole);
        else if (number.TryGetValue(out ulong large))
            WriteHead(buffer, 0, large);
        else
            WriteDouble(buffer, number.GetValue<double>());
    }

    private static void WriteDouble(ArrayBufferWriter<byte> buffer, double value)
    {
        WriteByte(buffer, 0xFB);
        BinaryPrimitives.WriteDoubleBigEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    private static void WriteText(ArrayBufferWriter<byte> buffer, string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        WriteHead(buffer, 3, (ulong)utf8.Length);
        buffer.Write(utf8);
    }

    private static void WriteHead(ArrayBufferWriter<byte> buffer, int major, ulong argument)
    {
        var top = major << 5;
        switch (argument)
        {
            case < 24:
                WriteByte(buffer, (byte)(top | (int)argument));
                break;
            case <= byte.MaxValue:
                buffer.Write([(byte)(top | 24), (byte)argument]);
                break;
            case <= ushort.MaxValue:
                buffer.Write([(byte)(top | 25), (byte)(argument >> 8), (byte)argument]);
                break;
            default:
                WriteByte(buffer, (byte)(top | (argument <= uint.MaxValue ? 26 : 27)));
                var bytes = argument <= uint.MaxValue ? 4 : 8;
                for (var shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
                    WriteByte(buffer, (byte)(argument >> shift));
                break;
        }
    }

    private static void WriteByte(ArrayBufferWriter<byte> buffer, byte value) => buffer.Write([value]);
}
