using System.Text.Json;
using EdgeGateway.Shadows;

namespace EdgeGateway.Rules.Series;

/// <summary>The values in a shadow that can be readings: numbers, texts and booleans, by their dotted paths, with the second each was written in.</summary>
internal static class ShadowLeaves
{
    public static Dictionary<string, (SeriesKind Kind, double Number, string? Text, long Second)> Of(ShadowDocument document)
    {
        var leaves = new Dictionary<string, (SeriesKind, double, string?, long)>(StringComparer.Ordinal);
        if (!document.Exists)
            return leaves;
        using var state = JsonDocument.Parse(document.State);
        using var times = JsonDocument.Parse(document.Metadata());
        Collect("", state.RootElement, times.RootElement, leaves);
        return leaves;
    }

    private static void Collect(string path, JsonElement state, JsonElement times, Dictionary<string, (SeriesKind, double, string?, long)> leaves)
    {
        foreach (var member in state.EnumerateObject())
        {
            var name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            var time = times.GetProperty(member.Name);
            if (member.Value.ValueKind == JsonValueKind.Object)
                Collect(name, member.Value, time, leaves);
            else if (Reading(member.Value) is { } reading)
                leaves[name] = (reading.Kind, reading.Number, reading.Text, time.GetProperty("timestamp").GetInt64());
        }
    }

    private static (SeriesKind Kind, double Number, string? Text)? Reading(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number) => (SeriesKind.Number, number, null),
        JsonValueKind.True => (SeriesKind.Boolean, 1, null),
        JsonValueKind.False => (SeriesKind.Boolean, 0, null),
        JsonValueKind.String => (SeriesKind.Varchar, double.NaN, Text(value)),
        _ => null,
    };

    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException) // half a surrogate pair
        {
            return value.GetRawText().Trim('"');
        }
    }
}
