using System.CommandLine;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway rule</c>: rules from a shell.</summary>
internal static class RuleCommand
{
    private const string Path = "edge/v1/rules";

    public static Command Create(GlobalOptions globals) => new("rule", "Rules: what happens with messages")
    {
        new Command("list", "All rules and their counters").Runs(globals, ListAsync),
        Show(globals),
        Change(globals, "create", "Make a rule", CreateAsync),
        Change(globals, "replace", "Put another definition in a rule's place", ReplaceAsync),
        Named(globals, "enable", "Let a rule see messages", static (context, name, cancellationToken) => context.Gateway.PostAsync($"{Path}/{name}/enable", "{}", cancellationToken)),
        Named(globals, "disable", "Keep messages from a rule", static (context, name, cancellationToken) => context.Gateway.PostAsync($"{Path}/{name}/disable", "{}", cancellationToken)),
        Named(globals, "delete", "Remove a rule", static (context, name, cancellationToken) => context.Gateway.DeleteAsync($"{Path}/{name}", cancellationToken)),
        RuleTraceCommand.Create(globals),
        Change(globals, "test", "Run a rule's last messages through another definition, which stays a trial", TestAsync),
    };

    private static Argument<string> NameArgument() => new("name") { Description = "Name of the rule" };

    private static Command Named(GlobalOptions globals, string word, string description, Func<CommandContext, string, CancellationToken, Task<JsonElement>> run)
    {
        var name = NameArgument();
        return new Command(word, description) { name }.Runs(globals, async (context, cancellationToken) =>
        {
            var rule = context.Get(name);
            await run(context, Uri.EscapeDataString(rule), cancellationToken);
            if (context.Json)
                context.Output.Json(JsonSerializer.SerializeToElement(new Api.RuleNamed(rule), Api.ApiJson.Default.RuleNamed));
            else
                context.Output.Line($"{word}d {rule}");
        });
    }

    private static Command Change(GlobalOptions globals, string word, string description, Func<CommandContext, string, string, CancellationToken, Task> run)
    {
        var name = NameArgument();
        var options = new RuleDocumentOptions();
        var command = new Command(word, description) { name };
        options.AddTo(command);
        return command.Runs(globals, async (context, cancellationToken) =>
        {
            var rule = context.Get(name);
            await run(context, rule, await options.ReadAsync(context, rule, cancellationToken), cancellationToken);
        });
    }

    private static Command Show(GlobalOptions globals)
    {
        var name = NameArgument();
        return new Command("show", "A rule in full: definition, counters, warnings") { name }.Runs(globals, async (context, cancellationToken) =>
        {
            var detail = await context.Gateway.GetAsync($"{Path}/{Uri.EscapeDataString(context.Get(name))}", cancellationToken);
            if (context.Json)
                context.Output.Json(detail);
            else
                Print(context.Output, detail);
        });
    }

    private static async Task ListAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var rules = await context.Gateway.GetAsync(Path, cancellationToken);
        if (context.Json)
        {
            context.Output.Json(rules);
            return;
        }
        context.Output.Table(
            rules,
            ("RULE", Cell.Of("name")),
            ("STATE", static rule => rule.GetProperty("enabled").GetBoolean() ? "on" : "off"),
            ("MESSAGES", Cell.Of("matched")),
            ("FIRED", Cell.Of("fired")),
            ("FAILED", Cell.Of("failed")),
            ("P50 µs", Cell.Of("evaluationP50Microseconds")),
            ("P99 µs", Cell.Of("evaluationP99Microseconds")),
            ("LAST FIRED", Cell.Of("lastFiredAt")),
            ("LAST ERROR", Cell.Of("lastError")));
    }

    private static async Task CreateAsync(CommandContext context, string rule, string json, CancellationToken cancellationToken) =>
        Changed(context, "created", await context.Gateway.PostAsync(Path, json, cancellationToken));

    private static async Task ReplaceAsync(CommandContext context, string rule, string json, CancellationToken cancellationToken) =>
        Changed(context, "replaced", await context.Gateway.PutAsync($"{Path}/{Uri.EscapeDataString(rule)}", json, cancellationToken));

    private static async Task TestAsync(CommandContext context, string rule, string json, CancellationToken cancellationToken)
    {
        var replay = await context.Gateway.PostAsync($"{Path}/{Uri.EscapeDataString(rule)}/test", json, cancellationToken);
        if (context.Json)
        {
            context.Output.Json(replay);
            return;
        }
        Warn(context, replay);
        var (now, then) = (replay.GetProperty("now"), replay.GetProperty("then"));
        if (then.GetArrayLength() == 0)
            context.Output.Line($"{rule} has seen no message yet");
        for (var i = 0; i < then.GetArrayLength(); i++)
        {
            var changed = now[i].GetProperty("fired").GetBoolean() != then[i].GetProperty("fired").GetBoolean();
            context.Output.Line($"{(changed ? "* " : "  ")}{RuleTraceCommand.Line(then[i])}");
        }
    }

    private static void Changed(CommandContext context, string word, JsonElement answer)
    {
        if (context.Json)
        {
            context.Output.Json(answer);
            return;
        }
        Warn(context, answer);
        context.Output.Line($"{word} {Cell.Text(answer, "name")}, {(answer.GetProperty("enabled").GetBoolean() ? "it is on" : "it is off")}");
    }

    private static void Warn(CommandContext context, JsonElement answer)
    {
        foreach (var warning in answer.GetProperty("warnings").EnumerateArray())
            context.Error.WriteLine($"edgegateway: note: {warning.GetString()}");
    }

    private static void Print(Output output, JsonElement detail)
    {
        var (status, rule) = (detail.GetProperty("status"), detail.GetProperty("rule"));
        output.Line(Cell.Text(rule, "sql"));
        output.Line("");
        output.Facts([
            ("rule", Cell.Text(detail, "ruleArn")),
            ("state", status.GetProperty("enabled").GetBoolean() ? "on" : "off"),
            ("version", Cell.Text(rule, "awsIotSqlVersion")),
            ("description", Cell.Text(rule, "description")),
            ("file", Cell.Text(detail, "file")),
            .. status.EnumerateObject().Where(static fact => fact.Name is not ("name" or "enabled" or "sql")).Select(static fact => (fact.Name, Cell.Text(fact.Value))),
        ]);
        output.Line("");
        output.Table(
            detail.GetProperty("actions"), ("PLACE", Cell.Of("place")), ("ACTION", Cell.Of("action")), ("DONE", Cell.Of("succeeded")), ("FAILED", Cell.Of("failed")), ("UNDER WAY", Cell.Of("underWay")),
            ("BACKLOG", Cell.Of("backlog")), ("P50 ms", Cell.Of("latencyP50Milliseconds")), ("P99 ms", Cell.Of("latencyP99Milliseconds")), ("LAST ERROR", Cell.Of("lastError")));
        foreach (var action in rule.GetProperty("actions").EnumerateArray())
            output.Line($"action       {action.GetRawText()}");
        if (rule.TryGetProperty("errorAction", out var errorAction))
            output.Line($"error action {errorAction.GetRawText()}");
        foreach (var warning in detail.GetProperty("warnings").EnumerateArray())
            output.Line($"note: {warning.GetString()}");
    }
}
