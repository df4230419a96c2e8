using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway series</c>: readings that rules keep with <c>timestream</c> and <c>cloudwatchMetric</c>.</summary>
internal static class SeriesCommand
{
    private const string Path = "edge/v1/series";

    public static Command Create(GlobalOptions globals) => new("series", "Readings over time that rules keep")
    {
        new Command("list", "All series").Runs(globals, static (context, cancellationToken) => context.ListAsync(
            Path, cancellationToken, ("DATABASE", Cell.Of("database")), ("TABLE", Cell.Of("table")), ("MEASURE", Cell.Of("measure")), ("DIMENSIONS", Cell.Of("dimensions")), ("TYPE", Cell.Of("type")),
            ("POINTS", Cell.Of("points")), ("PACKED", Cell.Of("storedPoints")), ("BYTES", Cell.Of("storedBytes")), ("LAST", Cell.Of("last")))),
        Query(globals),
        Export(globals),
        Delete(globals),
    };

    private static (Argument<string> Database, Argument<string> Table, Argument<string> Measure, Option<string[]> Dimensions) Which() =>
        (new("database"), new("table"), new("measure"), new("--dimension") { Description = "Of series with this dimension; may be repeated", HelpName = "NAME=VALUE" });

    private static string With(this string path, CommandContext context, (Argument<string> Database, Argument<string> Table, Argument<string> Measure, Option<string[]> Dimensions) which, params ReadOnlySpan<(string, object?)> more)
    {
        (string, object?)[] all =
        [
            ("database", context.Get(which.Database)), ("table", context.Get(which.Table)), ("measure", context.Get(which.Measure)),
            .. (context.Get(which.Dimensions) ?? []).Select(static each => ("dimension", (object?)each)), .. more,
        ];
        return path.With(all);
    }

    private static Command Query(GlobalOptions globals)
    {
        var which = Which();
        var from = new Option<string>("--from") { Description = "First moment, such as 2026-11-26T06:00:00Z", HelpName = "TIME" };
        var to = new Option<string>("--to") { Description = "Last moment", HelpName = "TIME" };
        var step = new Option<string>("--step") { Description = "Take readings of this span together: count, average, least, greatest", HelpName = "DURATION" };
        var limit = new Option<int>("--limit") { Description = "At most N readings of a series (1000)", HelpName = "N", DefaultValueFactory = static _ => 1000 };
        var descending = new Option<bool>("--descending") { Description = "Newest first" };
        return new Command("query", "Readings of a measure, or what they are taken together") { which.Database, which.Table, which.Measure, which.Dimensions, from, to, step, limit, descending }.Runs(globals, async (context, cancellationToken) =>
        {
            if (context.Get(step) is { } width)
                await context.ListAsync(
                    $"{Path}/bins".With(context, which, ("from", context.Get(from)), ("to", context.Get(to)), ("step", width)), cancellationToken, ("START", Cell.Of("start")), ("COUNT", Cell.Of("count")),
                    ("AVERAGE", Cell.Of("average")), ("MIN", Cell.Of("min")), ("MAX", Cell.Of("max")), ("LAST", Cell.Of("last")), ("DIMENSIONS", Cell.Of("dimensions")));
            else
                await context.ListAsync(
                    $"{Path}/points".With(context, which, ("from", context.Get(from)), ("to", context.Get(to)), ("limit", context.Get(limit)), ("descending", context.Get(descending))), cancellationToken,
                    ("TIME", Cell.Of("time")), ("VALUE", Cell.Of("value")), ("DIMENSIONS", Cell.Of("dimensions")));
        });
    }

    private static Command Export(GlobalOptions globals)
    {
        var database = new Option<string>("--database") { Description = "Of this database", HelpName = "NAME" };
        var table = new Option<string>("--table") { Description = "Of this table", HelpName = "NAME" };
        var file = new Option<string>("--out") { Description = "Write to FILE instead of standard output", HelpName = "FILE" };
        return new Command("export", "Readings in InfluxDB's line protocol") { database, table, file }.Runs(globals, async (context, cancellationToken) =>
        {
            await using Stream stream = context.Get(file) is { } target ? File.Create(target) : new MemoryStream();
            await context.Gateway.DownloadAsync($"{Path}/export".With(("database", context.Get(database)), ("table", context.Get(table))), stream, cancellationToken);
            if (stream is MemoryStream memory)
                context.Output.Line(System.Text.Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length).TrimEnd('\n'));
        });
    }

    private static Command Delete(GlobalOptions globals)
    {
        var which = Which();
        return new Command("delete", "Remove the series of a measure") { which.Database, which.Table, which.Measure, which.Dimensions }.Runs(globals, async (context, cancellationToken) =>
        {
            var answer = await context.Gateway.DeleteAsync(Path.With(context, which), cancellationToken);
            context.Done($"{Cell.Text(answer, "count")} series deleted", answer);
        });
    }
}
