using System.Text.Json;
using Spectre.Console;

namespace EdgeGateway.Cli;

/// <summary>Prints for people (tables) or for programs (one JSON value).</summary>
internal sealed class Output(TextWriter writer)
{
    // Into a pipe a line is never wrapped: grep and awk count on it.
    private const int UnwrappedWidth = 4000;

    private readonly IAnsiConsole _console = CreateConsole(writer);

    public void Line(string text) => writer.WriteLine(text);

    public void Json(JsonElement value)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new() { Indented = !Console.IsOutputRedirected, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            value.WriteTo(json);
        writer.WriteLine(System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
    }

    /// <param name="rows">An array of objects.</param>
    /// <param name="columns">Header, and how its cell is read from an object.</param>
    public void Table(JsonElement rows, params ReadOnlySpan<(string Header, Func<JsonElement, string> Cell)> columns)
    {
        var table = Grid(columns);
        foreach (var row in rows.EnumerateArray())
        {
            var cells = new List<Text>();
            foreach (var (_, cell) in columns)
                cells.Add(new Text(cell(row))); // Text, not Markup: a name may hold '['
            table.AddRow(cells);
        }
        _console.Write(table);
    }

    /// <summary>Name and value, one a line.</summary>
    public void Facts(params ReadOnlySpan<(string Name, string Value)> facts)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumn(new TableColumn("").NoWrap());
        table.AddColumn(new TableColumn(""));
        foreach (var (name, value) in facts)
            table.AddRow(new Text(name), new Text(value));
        _console.Write(table);
    }

    private static Table Grid(ReadOnlySpan<(string Header, Func<JsonElement, string> Cell)> columns)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var (header, _) in columns)
            table.AddColumn(new TableColumn(new Text(header)));
        return table;
    }

    private static IAnsiConsole CreateConsole(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (Console.IsOutputRedirected)
            console.Profile.Width = UnwrappedWidth;
        return console;
    }
}
