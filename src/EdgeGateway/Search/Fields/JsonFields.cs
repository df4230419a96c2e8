using System.Text.Json;

namespace EdgeGateway.Search.Fields;

/// <summary>
/// The leaves of a JSON object as fields. Members inside members have dotted names; an array of simple values is one field with several values; an
/// array that holds an object, an array or null is left out, as null is (AWS guide: Fleet indexing).
/// </summary>
internal static class JsonFields
{
    /// <param name="prefix">Name of the object itself.</param>
    /// <param name="json">One JSON object, well formed: it comes from a store that has checked it.</param>
    public static void Write(FieldWriter to, string prefix, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        WriteObject(to, FieldName.Of(prefix), ref reader);
    }

    private static void WriteObject(FieldWriter to, ulong name, ref Utf8JsonReader reader)
    {
        var dotted = FieldName.Continue(name, "."u8);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Member(dotted, ref reader);
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    WriteObject(to, member, ref reader);
                    break;
                case JsonTokenType.StartArray:
                    WriteArray(to, member, ref reader);
                    break;
                default:
                    WriteValue(to, member, ref reader);
                    break;
            }
        }
    }

    private static void WriteArray(FieldWriter to, ulong name, ref Utf8JsonReader reader)
    {
        var ahead = reader;
        var simple = true;
        while (ahead.Read() && ahead.TokenType != JsonTokenType.EndArray)
            if (ahead.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray or JsonTokenType.Null)
            {
                simple = false;
                ahead.Skip();
            }
        if (simple)
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                WriteValue(to, name, ref reader);
        else
            reader.Skip();
    }

    private static void WriteValue(FieldWriter to, ulong name, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.True or JsonTokenType.False:
                to.Boolean(name, reader.TokenType == JsonTokenType.True);
                break;
            case JsonTokenType.Number when FieldWriter.TryNumber(reader.ValueSpan, out var number):
                to.Number(name, number);
                break;
            case JsonTokenType.Number: // too large for a double
                to.Text(name, reader.ValueSpan);
                break;
            case JsonTokenType.String when !reader.ValueIsEscaped:
                to.Text(name, reader.ValueSpan);
                break;
            case JsonTokenType.String:
                to.Text(name, Plain(ref reader));
                break;
        }
    }

    private static ulong Member(ulong dotted, ref Utf8JsonReader reader) =>
        FieldName.Continue(dotted, reader.ValueIsEscaped ? Plain(ref reader) : reader.ValueSpan);

    private static byte[] Plain(ref Utf8JsonReader reader)
    {
        try
        {
            var plain = new byte[reader.ValueSpan.Length];
            return plain[..reader.CopyString(plain)];
        }
        catch (InvalidOperationException) // half a surrogate pair, which JSON may hold and UTF-8 may not: found as it is written
        {
            return reader.ValueSpan.ToArray();
        }
    }
}
