using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeGateway.Shadows;

namespace EdgeGateway.Search;

/// <summary>A thing's shadows as a search result prints them.</summary>
internal static class ShadowView
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <param name="shadows">By name, the classic one with an empty name.</param>
    /// <returns>Null without any.</returns>
    public static string? Write(IReadOnlyList<(string Name, ShadowDocument Document)> shadows)
    {
        if (shadows.Count == 0)
            return null;
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            foreach (var (_, document) in shadows.Where(static shadow => shadow.Name.Length == 0))
                WriteMembers(json, document);
            if (shadows.Any(static shadow => shadow.Name.Length > 0))
            {
                json.WriteStartObject("name"u8);
                foreach (var (name, document) in shadows.Where(static shadow => shadow.Name.Length > 0))
                {
                    json.WriteStartObject(name);
                    WriteMembers(json, document);
                    json.WriteEndObject();
                }
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteMembers(Utf8JsonWriter json, ShadowDocument document)
    {
        var reader = new Utf8JsonReader(document.State.Span, new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            json.WritePropertyName(reader.ValueSpan);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            json.WriteRawValue(document.State.Span[start..(int)reader.BytesConsumed], skipInputValidation: true);
        }
        var delta = document.Delta();
        if (delta is not null)
        {
            json.WritePropertyName("delta"u8);
            json.WriteRawValue(delta, skipInputValidation: true);
        }
        json.WritePropertyName("metadata"u8);
        json.WriteRawValue(document.Metadata(), skipInputValidation: true);
        json.WriteBoolean("hasDelta"u8, delta is not null);
        json.WriteNumber("version"u8, document.Version);
    }
}
