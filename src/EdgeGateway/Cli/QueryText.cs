using System.Globalization;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary>Paths with what a command was asked, and lists for people or programs.</summary>
internal static class QueryText
{
    /// <summary>A path with those of the values that are given.</summary>
    public static string With(this string path, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var parts = new List<string>();
        foreach (var (name, value) in values)
        {
            if (value is not (null or false))
                parts.Add($"{name}={Uri.EscapeDataString(value is true ? "true" : Convert.ToString(value, CultureInfo.InvariantCulture)!)}");
        }
        return parts.Count == 0 ? path : $"{path}?{string.Join('&', parts)}";
    }

    /// <summary>A table for people, the array for programs.</summary>
    public static async Task ListAsync(this CommandContext context, string path, CancellationToken cancellationToken, params (string Header, Func<JsonElement, string> Cell)[] columns)
    {
        var rows = await context.Gateway.GetAsync(path, cancellationToken);
        if (context.Json)
            context.Output.Json(rows);
        else
            context.Output.Table(rows, columns);
    }

    /// <summary>One line each for people, the array for programs.</summary>
    public static async Task LinesAsync(this CommandContext context, string path, Func<JsonElement, string> line, CancellationToken cancellationToken)
    {
        var rows = await context.Gateway.GetAsync(path, cancellationToken);
        if (context.Json)
        {
            context.Output.Json(rows);
            return;
        }
        foreach (var row in rows.EnumerateArray())
            context.Output.Line(line(row));
    }
}
