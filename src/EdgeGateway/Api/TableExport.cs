using System.Text;
using System.Text.Json;
using EdgeGateway.Rules.Tables;

namespace EdgeGateway.Api;

/// <summary>A whole table as JSON (one array) or CSV (RFC 4180), page by page.</summary>
internal static class TableExport
{
    public static async Task WriteJsonAsync(ITables tables, Table table, Stream stream)
    {
        var separator = "[\n";
        foreach (var row in tables.Scan(table.Name))
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(separator));
            await stream.WriteAsync(row.Document);
            separator = ",\n";
        }
        await stream.WriteAsync(Encoding.UTF8.GetBytes(separator == "[\n" ? "[]\n" : "\n]\n"));
    }

    /// <summary>The key columns first, then every member that some row has; Objects and Arrays as JSON.</summary>
    public static async Task WriteCsvAsync(ITables tables, Table table, Stream stream)
    {
        List<string> columns = table.RangeKey is { } range ? [table.HashKey.Name, range.Name] : [table.HashKey.Name];
        var known = new HashSet<string>(columns, StringComparer.Ordinal);
        foreach (var row in tables.Scan(table.Name))
        {
            using var document = JsonDocument.Parse(row.Document);
            columns.AddRange(document.RootElement.EnumerateObject().Select(static member => member.Name).Where(known.Add));
        }
        await WriteLineAsync(stream, columns.Select(Quoted));
        foreach (var row in tables.Scan(table.Name))
        {
            using var document = JsonDocument.Parse(row.Document);
            var root = document.RootElement;
            await WriteLineAsync(stream, columns.Select(column => root.TryGetProperty(column, out var value) ? Quoted(Text(value)) : ""));
        }
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    // A cell that a spreadsheet would take for a formula gets an apostrophe.
    private static string Quoted(string text)
    {
        if (text.Length > 0 && text[0] is ('=' or '@'))
            text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static async Task WriteLineAsync(Stream stream, IEnumerable<string> cells) => await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join(',', cells) + "\r\n"));
}
