using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway logs</c>: log groups that rules write with <c>cloudwatchLogs</c>.</summary>
internal static class LogsCommand
{
    private const string Path = "edge/v1/logs";

    public static Command Create(GlobalOptions globals) => new("logs", "Log groups that rules write")
    {
        new Command("list", "All log groups").Runs(globals, static (context, cancellationToken) => context.LinesAsync(Path, static row => row.GetString()!, cancellationToken)),
        Tail(globals),
        Delete(globals),
    };

    private static Command Tail(GlobalOptions globals)
    {
        var group = new Argument<string>("group") { Description = "Name of the log group" };
        var filter = new Option<string>("--filter") { Description = "Lines that contain TEXT", HelpName = "TEXT" };
        var since = new Option<string>("--since") { Description = "Lines from this time on", HelpName = "TIME" };
        var limit = new Option<int>("--limit") { Description = "The newest N (100)", HelpName = "N", DefaultValueFactory = static _ => 100 };
        return new Command("tail", "The newest lines") { group, filter, since, limit }.Runs(globals, (context, cancellationToken) => context.LinesAsync(
            $"{Path}/events".With(("group", context.Get(group)), ("filter", context.Get(filter)), ("since", context.Get(since)), ("limit", context.Get(limit))),
            static row => $"{Cell.Text(row, "at")} {row.GetProperty("message").GetString()}", cancellationToken));
    }

    private static Command Delete(GlobalOptions globals)
    {
        var group = new Argument<string>("group") { Description = "Name of the log group" };
        return new Command("delete", "Remove a log group") { group }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync(Path.With(("group", context.Get(group))), cancellationToken);
            context.Done($"deleted {context.Get(group)}");
        });
    }
}
