using System.CommandLine;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway delivery</c>: what rules have stored to send, and what they gave up.</summary>
internal static class DeliveryCommand
{
    private const string Path = "edge/v1/deliveries";

    public static Command Create(GlobalOptions globals) => new("delivery", "What rules have stored to send, and what they gave up")
    {
        new Command("list", "The queues of actions that store and forward").Runs(globals, ListAsync),
        DeadLetters(globals),
        Change(globals, "resend", "Put dead letters back into their queues", static (gateway, query, token) => gateway.PostAsync($"{Path}/dead-letters/resend{query}", "{}", token), "sent again"),
        Change(globals, "discard", "Remove dead letters", static (gateway, query, token) => gateway.DeleteAsync($"{Path}/dead-letters{query}", token), "discarded"),
    };

    private static async Task ListAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var queues = await context.Gateway.GetAsync(Path, cancellationToken);
        if (context.Json)
            context.Output.Json(queues);
        else
            context.Output.Table(
                queues, ("RULE", Cell.Of("rule")), ("ACTION", static row => $"{Cell.Text(row, "place")} {Cell.Text(row, "action")}"), ("STATE", Cell.Of("state")), ("WAITING", Cell.Of("waiting")),
                ("BYTES", Cell.Of("waitingBytes")), ("OLDEST", Cell.Of("oldest")), ("DELIVERED", Cell.Of("delivered")), ("REFUSED", Cell.Of("refused")), ("DROPPED", Cell.Of("dropped")),
                ("P50 ms", Cell.Of("latencyP50Milliseconds")), ("P99 ms", Cell.Of("latencyP99Milliseconds")), ("LAST ERROR", Cell.Of("lastError")));
    }

    private static Option<string> Rule() => new("--rule") { Description = "Of this rule; default: of all", HelpName = "NAME" };

    private static Command DeadLetters(GlobalOptions globals)
    {
        var rule = Rule();
        var limit = new Option<int>("--limit") { Description = "At most N (100), newest first", HelpName = "N", DefaultValueFactory = static _ => 100 };
        return new Command("dead-letters", "Messages that were refused for good or grew too old") { rule, limit }.Runs(globals, async (context, cancellationToken) =>
        {
            var of = context.Get(rule) is { } name ? $"&rule={Uri.EscapeDataString(name)}" : "";
            var letters = await context.Gateway.GetAsync($"{Path}/dead-letters?limit={context.Get(limit).ToString(System.Globalization.CultureInfo.InvariantCulture)}{of}", cancellationToken);
            if (context.Json)
                context.Output.Json(letters);
            else
                context.Output.Table(
                    letters, ("ID", Cell.Of("id")), ("RULE", Cell.Of("rule")), ("ACTION", Cell.Of("action")), ("TO", Cell.Of("resource")), ("TOPIC", Cell.Of("topic")), ("TRIES", Cell.Of("attempts")),
                    ("GIVEN UP", Cell.Of("givenUpAt")), ("WHY", Cell.Of("error")));
        });
    }

    private static Command Change(GlobalOptions globals, string word, string description, Func<GatewayClient, string, CancellationToken, Task<JsonElement>> run, string done)
    {
        var rule = Rule();
        var id = new Option<long?>("--id") { Description = "This one", HelpName = "ID" };
        var all = new Option<bool>("--all") { Description = "All of all rules" };
        return new Command(word, description) { rule, id, all }.Runs(globals, async (context, cancellationToken) =>
        {
            if (context.Get(rule) is null && context.Get(id) is null && !context.Get(all))
                throw new CommandFailedException($"which dead letters? --id ID, --rule NAME or --all", ExitCodes.Usage);
            var parts = new List<string>();
            if (context.Get(rule) is { } name)
                parts.Add($"rule={Uri.EscapeDataString(name)}");
            if (context.Get(id) is { } one)
                parts.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"id={one}"));
            var answer = await run(context.Gateway, parts.Count == 0 ? "" : $"?{string.Join('&', parts)}", cancellationToken);
            if (context.Json)
                context.Output.Json(answer);
            else
                context.Output.Line($"{Cell.Text(answer, "count")} {done}");
        });
    }
}
