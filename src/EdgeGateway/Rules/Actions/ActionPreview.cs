using System.Text.Json;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>What actions would be asked to do: their JSON with the templates in it filled in.</summary>
internal static class ActionPreview
{
    public static IReadOnlyList<string> Render(IReadOnlyList<string> actions, SqlStatement statement, SqlMessage message, SqlContext context) =>
        [.. actions.Select(action => Render(action, statement, message, context))];

    private static string Render(string action, SqlStatement statement, SqlMessage message, SqlContext context)
    {
        using var document = JsonDocument.Parse(action);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new() { Encoder = PlainJsonEncoder.Instance }))
            Write(writer, document.RootElement);
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);

        void Write(Utf8JsonWriter writer, JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    writer.WriteStartObject();
                    foreach (var member in element.EnumerateObject())
                    {
                        writer.WritePropertyName(member.Name);
                        Write(writer, member.Value);
                    }
                    writer.WriteEndObject();
                    break;
                case JsonValueKind.Array:
                    writer.WriteStartArray();
                    foreach (var item in element.EnumerateArray())
                        Write(writer, item);
                    writer.WriteEndArray();
                    break;
                case JsonValueKind.String:
                    writer.WriteStringValue(Text(element.GetString()!, statement, message, context));
                    break;
                default:
                    element.WriteTo(writer);
                    break;
            }
        }
    }

    private static string Text(string text, SqlStatement statement, SqlMessage message, SqlContext context)
    {
        if (SqlTemplate.Parse(text, statement.Version, out _) is not { } template)
            return text;
        return template.Render(message, context, statement, out var failure) ?? $"({failure!.Function}: {failure.Message})";
    }
}
