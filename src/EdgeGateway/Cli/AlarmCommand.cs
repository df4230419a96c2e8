using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway alarm</c>: alarms that rules set with <c>cloudwatchAlarm</c>.</summary>
internal static class AlarmCommand
{
    private const string Path = "edge/v1/alarms";

    public static Command Create(GlobalOptions globals) => new("alarm", "Alarms that rules set")
    {
        new Command("list", "All alarms").Runs(globals, static (context, cancellationToken) => context.ListAsync(
            Path, cancellationToken, ("ALARM", Cell.Of("name")), ("STATE", Cell.Of("state")), ("SINCE", Cell.Of("changedAt")), ("REASON", Cell.Of("reason")), ("ACKNOWLEDGED BY", Cell.Of("acknowledgedBy")))),
        History(globals),
        Named(globals, "acknowledge", "Say that somebody looks after it", static (context, name, token) => context.Gateway.PostAsync($"{Path}/{name}/acknowledge", "{}", token)),
        Named(globals, "delete", "Remove an alarm with its history", static (context, name, token) => context.Gateway.DeleteAsync($"{Path}/{name}", token)),
    };

    private static Command History(GlobalOptions globals)
    {
        var name = new Argument<string?>("name") { Description = "Of this alarm; default: of all", Arity = ArgumentArity.ZeroOrOne };
        var limit = new Option<int>("--limit") { Description = "At most N changes (100), newest first", HelpName = "N", DefaultValueFactory = static _ => 100 };
        return new Command("history", "Changes of state, newest first") { name, limit }.Runs(globals, (context, cancellationToken) => context.ListAsync(
            $"{Path}/history".With(("name", context.Get(name)), ("limit", context.Get(limit))), cancellationToken,
            ("WHEN", Cell.Of("at")), ("ALARM", Cell.Of("name")), ("BEFORE", Cell.Of("before")), ("STATE", Cell.Of("state")), ("REASON", Cell.Of("reason"))));
    }

    private static Command Named(GlobalOptions globals, string word, string description, Func<CommandContext, string, CancellationToken, Task<System.Text.Json.JsonElement>> run)
    {
        var name = new Argument<string>("name") { Description = "Name of the alarm" };
        return new Command(word, description) { name }.Runs(globals, async (context, cancellationToken) =>
        {
            await run(context, Uri.EscapeDataString(context.Get(name)), cancellationToken);
            context.Done($"{word}d {context.Get(name)}");
        });
    }
}
