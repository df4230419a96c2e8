using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeGateway.Pages.Components;

/// <summary>JSON as a person reads and writes it.</summary>
internal static class JsonText
{
    // The text goes into a text node or a field, never into markup, so that ° and ü may stay what they are.
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Indented(JsonElement element)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
            element.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <returns>Null, and the fault for the person who typed it, when the text is no JSON.</returns>
    public static JsonElement? Parse(string text, out string? fault)
    {
        fault = null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException ex)
        {
            fault = $"Not JSON: line {ex.LineNumber + 1}, character {ex.BytePositionInLine + 1}.";
            return null;
        }
    }

    /// <summary>A payload as text: JSON indented if it is, else UTF-8, else its bytes in hexadecimal.</summary>
    public static string Payload(ReadOnlyMemory<byte> payload, bool indented)
    {
        if (payload.IsEmpty)
            return "(empty)";
        try
        {
            var text = Strict.GetString(payload.Span);
            return indented && Parse(text, out _) is { } json ? Indented(json) : text;
        }
        catch (DecoderFallbackException)
        {
            const int Shown = 64;
            var hex = Convert.ToHexStringLower(payload.Span[..Math.Min(Shown, payload.Length)]);
            return payload.Length > Shown ? $"0x{hex}… ({payload.Length} bytes)" : $"0x{hex}";
        }
    }

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
