using System.CommandLine;
using System.Text.Json;
using EdgeGateway.Api;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway table</c>: the tables that rules write and read.</summary>
internal static class TableCommand
{
    private const string Path = "edge/v1/tables";

    public static Command Create(GlobalOptions globals) => new("table", "Tables that rules write and read")
    {
        new Command("list", "All tables").Runs(globals, ListAsync),
        Make(globals),
        Delete(globals),
        Query(globals),
        Put(globals),
        Remove(globals),
        Export(globals),
    };

    private static Argument<string> Name() => new("name") { Description = "Name of the table" };

    private static string Of(string table, string rest = "") => $"{Path}/{Uri.EscapeDataString(table)}{rest}";

    private static async Task ListAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var tables = await context.Gateway.GetAsync(Path, cancellationToken);
        if (context.Json)
            context.Output.Json(tables);
        else
            context.Output.Table(tables, ("TABLE", Cell.Of("name")), ("HASH KEY", static row => Key(row, "hashKey")), ("RANGE KEY", static row => Key(row, "rangeKey")), ("TTL", Cell.Of("ttlMember")), ("INDEXES", Cell.Of("indexes")));
    }

    private static string Key(JsonElement row, string property) =>
        row.GetProperty(property) is { ValueKind: JsonValueKind.Object } key ? $"{Cell.Text(key, "name")} ({Cell.Text(key, "type")})" : "-";

    private static Command Make(GlobalOptions globals)
    {
        var name = Name();
        var hash = new Option<string>("--hash-key") { Description = "Key column; :number behind it for numbers", HelpName = "COLUMN", Required = true };
        var range = new Option<string>("--range-key") { Description = "Second key column, which orders the rows of one hash key", HelpName = "COLUMN" };
        var ttl = new Option<string>("--ttl") { Description = "Member with the Unix seconds after which a row goes", HelpName = "MEMBER" };
        var indexes = new Option<string[]>("--index") { Description = "Member to find rows by; may be repeated", HelpName = "MEMBER" };
        return new Command("create", "Make a table") { name, hash, range, ttl, indexes }.Runs(globals, async (context, cancellationToken) =>
        {
            var table = new TableSummary
            {
                Name = context.Get(name),
                HashKey = Column(context.Get(hash)!),
                RangeKey = context.Get(range) is { } second ? Column(second) : null,
                TtlMember = context.Get(ttl),
                Indexes = context.Get(indexes) ?? [],
            };
            var made = await context.Gateway.PostAsync(Path, JsonSerializer.Serialize(table, ApiJson.Default.TableSummary), cancellationToken);
            Done(context, made, $"created {table.Name}");
        });
    }

    private static TableColumn Column(string text) =>
        text.EndsWith(":number", StringComparison.Ordinal) ? new(text[..^7], "number") : text.EndsWith(":string", StringComparison.Ordinal) ? new(text[..^7], "string") : new(text, "string");

    private static Command Delete(GlobalOptions globals)
    {
        var name = Name();
        return new Command("delete", "Remove a table with all its rows") { name }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync(Of(context.Get(name)), cancellationToken);
            Done(context, JsonSerializer.SerializeToElement(new RuleNamed(context.Get(name)), ApiJson.Default.RuleNamed), $"deleted {context.Get(name)}");
        });
    }

    private static Command Query(GlobalOptions globals)
    {
        var name = Name();
        var hash = new Option<string>("--hash") { Description = "Rows of this hash key; default: all", HelpName = "VALUE" };
        var from = new Option<string>("--from") { Description = "First range key", HelpName = "VALUE" };
        var to = new Option<string>("--to") { Description = "Last range key", HelpName = "VALUE" };
        var where = new Option<string>("--where") { Description = "Rows whose member has this value; quick where the table has an index on it", HelpName = "MEMBER=VALUE" };
        var limit = new Option<int>("--limit") { Description = "At most N rows (100)", HelpName = "N", DefaultValueFactory = static _ => 100 };
        var descending = new Option<bool>("--descending") { Description = "Last row first" };
        return new Command("query", "Rows in order of their keys, one JSON object a line") { name, hash, from, to, where, limit, descending }.Runs(globals, async (context, cancellationToken) =>
        {
            var condition = context.Get(where)?.Split('=', 2);
            if (condition is { Length: 1 })
                throw new CommandFailedException("--where is MEMBER=VALUE", ExitCodes.Usage);
            var query = new (string Name, string? Value)[]
            {
                ("hash", context.Get(hash)), ("from", context.Get(from)), ("to", context.Get(to)), ("member", condition?[0]), ("value", condition?[1]),
                ("limit", context.Get(limit).ToString(System.Globalization.CultureInfo.InvariantCulture)), ("descending", context.Get(descending) ? "true" : null),
            };
            var text = string.Join('&', query.Where(static part => part.Value is not null).Select(static part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
            var rows = await context.Gateway.GetAsync(Of(context.Get(name), $"/rows?{text}"), cancellationToken);
            if (context.Json)
                context.Output.Json(rows);
            else
                foreach (var row in rows.EnumerateArray())
                    context.Output.Line(row.GetRawText());
        });
    }

    private static Command Put(GlobalOptions globals)
    {
        var name = Name();
        var row = new Argument<string>("row") { Description = "JSON object with the key columns" };
        var merge = new Option<bool>("--merge") { Description = "Members that are not named stay" };
        return new Command("put", "Write a row in place of the one with its keys") { name, row, merge }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.PutAsync(Of(context.Get(name), context.Get(merge) ? "/rows?merge=true" : "/rows"), context.Get(row), cancellationToken);
            Done(context, JsonSerializer.SerializeToElement(new RuleNamed(context.Get(name)), ApiJson.Default.RuleNamed), "written");
        });
    }

    private static Command Remove(GlobalOptions globals)
    {
        var name = Name();
        var hash = new Option<string>("--hash") { Description = "Hash key of the row", HelpName = "VALUE", Required = true };
        var range = new Option<string>("--range") { Description = "Range key of the row", HelpName = "VALUE" };
        return new Command("remove", "Remove one row") { name, hash, range }.Runs(globals, async (context, cancellationToken) =>
        {
            var query = $"/rows?hash={Uri.EscapeDataString(context.Get(hash)!)}{(context.Get(range) is { } second ? $"&range={Uri.EscapeDataString(second)}" : "")}";
            await context.Gateway.DeleteAsync(Of(context.Get(name), query), cancellationToken);
            Done(context, JsonSerializer.SerializeToElement(new RuleNamed(context.Get(name)), ApiJson.Default.RuleNamed), "removed");
        });
    }

    private static Command Export(GlobalOptions globals)
    {
        var name = Name();
        var format = new Option<string>("--format") { Description = "json (default) or csv", DefaultValueFactory = static _ => "json" };
        var file = new Option<string>("--out") { Description = "Write to FILE instead of standard output", HelpName = "FILE" };
        return new Command("export", "The whole table") { name, format, file }.Runs(globals, async (context, cancellationToken) =>
        {
            var path = Of(context.Get(name), $"/export?format={Uri.EscapeDataString(context.Get(format)!)}");
            await using var stream = context.Get(file) is { } target ? File.Create(target) : new MemoryStream() as Stream;
            await context.Gateway.DownloadAsync(path, stream, cancellationToken);
            if (stream is MemoryStream memory)
                context.Output.Line(System.Text.Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length).TrimEnd('\r', '\n'));
        });
    }

    private static void Done(CommandContext context, JsonElement json, string line)
    {
        if (context.Json)
            context.Output.Json(json);
        else
            context.Output.Line(line);
    }
}
