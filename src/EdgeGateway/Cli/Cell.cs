using System.Globalization;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary>Reads one cell of a table out of an answer of the gateway.</summary>
internal static class Cell
{
    /// <summary>A property as people read it: lists with commas, objects as JSON, absent and null as a dash.</summary>
    public static Func<JsonElement, string> Of(string property) => row => Text(row, property);

    public static string Text(JsonElement row, string property) => row.TryGetProperty(property, out var value) ? Text(value) : "-";

    public static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() is { Length: > 0 } text ? text : "-",
        JsonValueKind.Null or JsonValueKind.Undefined => "-",
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Array => value.GetArrayLength() == 0 ? "-" : string.Join(", ", value.EnumerateArray().Select(Text)),
        JsonValueKind.Object => string.Join(" ", value.EnumerateObject().Select(static pair => $"{pair.Name}={Text(pair.Value)}")) is { Length: > 0 } pairs ? pairs : "-",
        _ => value.GetRawText(),
    };

    /// <summary>Seconds as <c>3d 4h</c>, <c>12m 5s</c>.</summary>
    public static string Elapsed(double seconds)
    {
        var span = TimeSpan.FromSeconds(seconds);
        var invariant = CultureInfo.InvariantCulture;
        return span.TotalDays >= 1 ? string.Create(invariant, $"{(int)span.TotalDays}d {span.Hours}h")
            : span.TotalHours >= 1 ? string.Create(invariant, $"{span.Hours}h {span.Minutes}m")
            : span.TotalMinutes >= 1 ? string.Create(invariant, $"{span.Minutes}m {span.Seconds}s")
            : string.Create(invariant, $"{span.Seconds}s");
    }
}
