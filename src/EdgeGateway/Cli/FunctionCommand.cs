using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway function</c>: the local functions that rules call.</summary>
internal static class FunctionCommand
{
    private const string Path = "edge/v1/functions";

    public static Command Create(GlobalOptions globals) => new("function", "Local functions that rules call")
    {
        new Command("list", "All functions of the configuration and how they fare").Runs(globals, static (context, cancellationToken) => context.ListAsync(
            Path, cancellationToken, ("FUNCTION", Cell.Of("name")), ("CARRIER", Cell.Of("carrier")), ("CALLS", Cell.Of("calls")), ("FAILURES", Cell.Of("failures")), ("IN FLIGHT", Cell.Of("inFlight")),
            ("RESTARTS", Cell.Of("restarts")), ("TARGET", Cell.Of("target")), ("LAST ERROR", Cell.Of("lastError")))),
        Invoke(globals),
    };

    private static Command Invoke(GlobalOptions globals)
    {
        var name = new Argument<string>("name") { Description = "Name of the function" };
        var json = new Argument<string>("event") { Description = "Its event as JSON; default: {}", DefaultValueFactory = static _ => "{}" };
        return new Command("invoke", "Call a function by hand; prints its answer") { name, json }.Runs(globals, async (context, cancellationToken) =>
        {
            var answer = await context.Gateway.PostAsync($"{Path}/{Uri.EscapeDataString(context.Get(name))}/invoke", context.Get(json), cancellationToken);
            if (context.Json)
                context.Output.Json(answer);
            else
                context.Output.Line(answer.GetRawText());
        });
    }
}
