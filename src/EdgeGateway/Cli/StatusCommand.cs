using System.CommandLine;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway status</c>: health, connections, queues, upstreams.</summary>
internal static class StatusCommand
{
    public static Command Create(GlobalOptions globals) =>
        new Command("status", "Health of each part, connections, queues, upstreams (exit code 0 healthy, 1 degraded, 2 not running)").Runs(globals, RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        JsonElement status;
        try
        {
            status = await context.Gateway.GetAsync("edge/v1/status", cancellationToken);
        }
        catch (CommandFailedException ex)
        {
            throw new CommandFailedException(ex.Message, ExitCodes.Usage, ex);
        }
        if (context.Json)
            context.Output.Json(status);
        else
            Print(context.Output, status);
        return Cell.Text(status, "state") == "healthy" ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Print(Output output, JsonElement status)
    {
        output.Line($"{Cell.Text(status, "name")}: {Cell.Text(status, "state")}, edgegateway {Cell.Text(status, "version")}, up {Cell.Elapsed(status.GetProperty("uptimeSeconds").GetDouble())}");
        if (status.TryGetProperty("claimCode", out var code) && code.ValueKind == JsonValueKind.String)
            output.Line($"Nobody owns this gateway yet: open its console and enter the code {code.GetString()}.");
        output.Line("");
        output.Table(status.GetProperty("components"), ("PART", Cell.Of("name")), ("STATE", Cell.Of("state")), ("MESSAGE", Cell.Of("message")));
        if (status.TryGetProperty("broker", out var broker) && broker.ValueKind == JsonValueKind.Object)
        {
            output.Line("");
            output.Facts([.. broker.EnumerateObject().Select(static fact => (fact.Name, Cell.Text(fact.Value)))]);
        }
        if (status.TryGetProperty("upstreams", out var upstreams) && upstreams.ValueKind == JsonValueKind.Array)
            foreach (var upstream in upstreams.EnumerateArray())
            {
                output.Line("");
                output.Facts([.. UpstreamFacts.Of(upstream)]);
            }
    }
}
