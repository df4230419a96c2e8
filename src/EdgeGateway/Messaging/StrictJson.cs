using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace EdgeGateway.Messaging;

/// <summary>
/// JSON from outside, looked at whole before anything is made of it: the framework's readers find half of a surrogate pair, bytes that are
/// not UTF-8 and members that are there twice only where a value is asked for, which is too late to say what is wrong with the document.
/// </summary>
internal static class StrictJson
{
    private const int DefaultDepth = 64;

    /// <exception cref="JsonException">Not JSON, nested deeper than allowed, or a text is no text.</exception>
    public static void Check(ReadOnlySpan<byte> utf8, int maxDepth = DefaultDepth)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsText(ref reader))
                throw Fault(utf8[..(int)reader.TokenStartIndex]);
    }

    /// <inheritdoc cref="Check"/>
    /// <exception cref="JsonException">As of <see cref="Check"/>, or a member is there twice.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8, int maxDepth = DefaultDepth)
    {
        Check(utf8, maxDepth);
        return JsonNode.Parse(utf8, nodeOptions: null, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = maxDepth });
    }

    private static JsonException Fault(ReadOnlySpan<byte> before) => new(
        "a text is not UTF-8, or holds half of a surrogate pair", path: null, before.Count((byte)'\n'), before.Length - 1 - before.LastIndexOf((byte)'\n'));

    private static bool IsText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
            return Utf8.IsValid(reader.ValueSpan);
        try
        {
            reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
