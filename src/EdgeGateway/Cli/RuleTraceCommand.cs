using System.CommandLine;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway rule trace</c>: for each message, fired or the clause that was not true.</summary>
internal static class RuleTraceCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var name = new Argument<string>("name") { Description = "Name of the rule" };
        var recorded = new Option<bool>("--recorded") { Description = "The last messages, by the rule as it is now, instead of those to come" };
        var count = new Option<int>("--count") { Description = "End after N messages", HelpName = "N" };
        return new Command("trace", "Watch a rule: fired or why not, message by message") { name, recorded, count }.Runs(globals, async (context, cancellationToken) =>
        {
            var path = $"edge/v1/rules/{Uri.EscapeDataString(context.Get(name))}";
            if (context.Get(recorded))
                await RecordedAsync(context, path, cancellationToken);
            else
                await FollowAsync(context, path, context.Get(count), cancellationToken);
        });
    }

    /// <summary>One message in words.</summary>
    public static string Line(JsonElement entry)
    {
        var verdict = entry.GetProperty("error") is { ValueKind: JsonValueKind.String } error ? $"failed: {error.GetString()}"
            : entry.GetProperty("fired").GetBoolean() ? $"fired  {Payload(entry, "output", "outputBase64")}{Notes(entry)}"
            : $"not fired: {Cell.Text(entry, "whyNot")}";
        return $"{entry.GetProperty("at").GetDateTimeOffset().ToLocalTime():HH:mm:ss.fff} {Cell.Text(entry, "topic")} {verdict}";
    }

    private static async Task RecordedAsync(CommandContext context, string path, CancellationToken cancellationToken)
    {
        var entries = await context.Gateway.GetAsync($"{path}/recorded", cancellationToken);
        if (context.Json)
        {
            context.Output.Json(entries);
            return;
        }
        foreach (var entry in entries.EnumerateArray())
            context.Output.Line(Line(entry));
    }

    private static async Task FollowAsync(CommandContext context, string path, int count, CancellationToken cancellationToken)
    {
        var seen = 0;
        await foreach (var line in context.Gateway.LinesAsync($"{path}/trace", cancellationToken))
        {
            using var entry = JsonDocument.Parse(line, new() { MaxDepth = 256 });
            context.Output.Line(context.Json ? line : Line(entry.RootElement));
            if (++seen == count)
                return;
        }
    }

    private static string Payload(JsonElement entry, string json, string base64) =>
        entry.GetProperty(json) is { ValueKind: not JsonValueKind.Null } value ? value.GetRawText() : Cell.Text(entry, base64);

    private static string Notes(JsonElement entry) =>
        entry.GetProperty("notes") is { ValueKind: JsonValueKind.Array } notes && notes.GetArrayLength() > 0 ? $" ({Cell.Text(notes)})" : "";
}
