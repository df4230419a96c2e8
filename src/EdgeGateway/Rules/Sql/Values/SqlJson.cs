using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace EdgeGateway.Rules.Sql;

/// <summary>Values from JSON and back: compact, member order kept, Undefined members and items left out (AWS guide: SQL data types).</summary>
internal static class SqlJson
{
    /// <summary>Deeper documents count as not being JSON.</summary>
    public const int MaxDepth = 128;

    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = PlainJsonEncoder.Instance, SkipValidation = true };

    /// <returns>False where the bytes are not one JSON document in UTF-8.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, SqlVersion version, out SqlValue value)
    {
        value = default;
        if (utf8.IsEmpty || !Utf8.IsValid(utf8))
            return false;
        try
        {
            var reader = new Utf8JsonReader(utf8, ReaderOptions);
            if (!reader.Read())
                return false;
            value = Read(ref reader, version);
            return !reader.Read();
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    /// <summary>Reads the value the reader stands on.</summary>
    /// <exception cref="JsonException">The JSON is broken or too deep.</exception>
    public static SqlValue Read(ref Utf8JsonReader reader, SqlVersion version)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return ReadString(ref reader);
            case JsonTokenType.Number:
                return ReadNumber(reader.ValueSpan, version);
            case JsonTokenType.True:
                return true;
            case JsonTokenType.False:
                return false;
            case JsonTokenType.StartArray:
                var items = new List<SqlValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Read(ref reader, version));
                return SqlValue.Array(items);
            case JsonTokenType.StartObject:
                var members = new SqlObject();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = ReadString(ref reader);
                    reader.Read();
                    members.Set(name, Read(ref reader, version));
                }
                return members;
            default:
                return SqlValue.Null;
        }
    }

    /// <summary>A number beyond 9.99…E999, which no type can hold, is Undefined.</summary>
    public static SqlValue ReadNumber(ReadOnlySpan<byte> text, SqlVersion version)
    {
        if (!SqlNumber.TryParse(text, out var number))
            return SqlValue.Undefined;
        return text.IndexOfAny("."u8[0], (byte)'e', (byte)'E') < 0 ? SqlValue.Int(number) : SqlValue.Decimal(number, version);
    }

    public static string ReadString(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return SqlTexts.Of(reader.ValueSpan);
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException) // half a surrogate pair, \ud800: valid JSON, no valid text
        {
            return UnescapeLeniently(reader.ValueSpan);
        }
    }

    public static string ToText(SqlValue value)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        Write(buffer, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static byte[] ToUtf8(SqlValue value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Write(buffer, value);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Undefined writes nothing at all.</summary>
    public static void Write(IBufferWriter<byte> buffer, SqlValue value)
    {
        if (value.IsUndefined)
            return;
        using var writer = new Utf8JsonWriter(buffer, WriterOptions);
        Write(writer, value);
    }

    private static void Write(Utf8JsonWriter writer, SqlValue value)
    {
        switch (value.Kind)
        {
            case SqlKind.Boolean:
                writer.WriteBooleanValue(value.AsBoolean);
                break;
            case SqlKind.Int or SqlKind.Decimal:
                WriteNumber(writer, value);
                break;
            case SqlKind.String:
                writer.WriteStringValue(value.AsString);
                break;
            case SqlKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.AsArray)
                {
                    if (!item.IsUndefined)
                        Write(writer, item);
                }
                writer.WriteEndArray();
                break;
            case SqlKind.Object:
                writer.WriteStartObject();
                for (var i = 0; i < value.AsObject.Count; i++)
                {
                    var (name, member) = value.AsObject[i];
                    if (member.IsUndefined)
                        continue;
                    writer.WritePropertyName(name);
                    Write(writer, member);
                }
                writer.WriteEndObject();
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, SqlValue value)
    {
        if (value.Kind == SqlKind.Int && value.AsNumber.TryToInt64(out var small))
            writer.WriteNumberValue(small);
        else
            writer.WriteRawValue(value.ToStringOrNull()!, skipInputValidation: true);
    }

    private static string UnescapeLeniently(ReadOnlySpan<byte> escaped)
    {
        var raw = Encoding.UTF8.GetString(escaped);
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            i++;
            if (raw[i] == 'u')
            {
                text.Append((char)Convert.ToUInt16(raw.Substring(i + 1, 4), 16));
                i += 4;
                continue;
            }
            text.Append(raw[i] switch { 'n' => '\n', 't' => '\t', 'r' => '\r', 'b' => '\b', 'f' => '\f', var other => other });
        }
        // What is left of a broken pair becomes U+FFFD, so that it can be written out again.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
