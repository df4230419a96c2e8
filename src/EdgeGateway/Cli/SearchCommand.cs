using System.CommandLine;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway search</c>: things by what they are, how they are now, and whether they are connected.</summary>
internal static class SearchCommand
{
    private const string Path = "edge/v1/search";

    public static Command Create(GlobalOptions globals)
    {
        var query = new Argument<string>("QUERY")
        {
            Description = "In AWS IoT's index language, such as 'thingTypeName:lamp AND shadow.reported.version < 2 AND connectivity.connected:true'; without one: all",
            DefaultValueFactory = static _ => "*",
        };
        var limit = new Option<int?>("--limit") { Description = "At most N things (100), or values (20)", HelpName = "N" };
        var values = new Option<string>("--values") { Description = "Say how often each value of FIELD comes, and its figures; FIELD is a managed or a custom field of the index", HelpName = "FIELD" };
        var shadows = new Option<bool>("--shadows") { Description = "Print what their shadows report too" };
        return new Command("search", "Find things by type, attributes, groups, shadow values and connection") { query, limit, values, shadows }.Runs(globals, async (context, cancellationToken) =>
        {
            if (context.Get(values) is { } field)
                Values(context, await context.Gateway.GetAsync($"{Path}/values".With(("query", context.Get(query)), ("field", field), ("limit", context.Get(limit))), cancellationToken));
            else
                Things(context, await context.Gateway.GetAsync(Path.With(("query", context.Get(query)), ("limit", context.Get(limit))), cancellationToken), context.Get(shadows));
        });
    }

    private static void Things(CommandContext context, JsonElement found, bool shadows)
    {
        if (context.Json)
        {
            context.Output.Json(found);
            return;
        }
        List<(string, Func<JsonElement, string>)> columns =
            [("THING", Cell.Of("name")), ("TYPE", Cell.Of("type")), ("GROUPS", Cell.Of("groups")), ("CONNECTED", Cell.Of("connected")), ("SINCE", Since), ("ATTRIBUTES", Cell.Of("attributes"))];
        if (shadows)
            columns.Add(("REPORTED", static row => row.Has("shadow") ? Cell.Text(row.GetProperty("shadow"), "reported") : "-"));
        context.Output.Table(found.GetProperty("things"), [.. columns]);
        if (found.Has("next"))
            context.Output.Line("There are more: --limit shows them.");
    }

    private static string Since(JsonElement row) => row.Has("since") ? row.GetProperty("since").GetDateTimeOffset().ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) : "-";

    private static void Values(CommandContext context, JsonElement answer)
    {
        if (context.Json)
        {
            context.Output.Json(answer);
            return;
        }
        context.Output.Table(answer.GetProperty("values"), ("VALUE", Cell.Of("value")), ("THINGS", Cell.Of("count")));
        context.Output.Line($"{Cell.Text(answer, "count")} of {Cell.Text(answer, "found")} things have it.");
        if (answer.Has("numbers"))
            context.Output.Line(string.Join(", ", answer.GetProperty("numbers").EnumerateObject().Select(static figure => $"{figure.Name} {figure.Value.GetDouble():0.######}")));
    }
}
