using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway restore FILE</c>: hands a backup to the running gateway, which checks it and starts again with it.</summary>
internal static class RestoreCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static Command Create(GlobalOptions globals)
    {
        var file = new Argument<string>("FILE") { Description = "A file made by 'edgegateway backup'" };
        return new Command("restore", "Replace everything the gateway keeps by a backup; what was there before is kept beside it") { file }
            .Runs(globals, (context, cancellationToken) => RunAsync(context, context.Get(file), cancellationToken));
    }

    private static async Task RunAsync(CommandContext context, string file, CancellationToken cancellationToken)
    {
        var before = await StartedAtAsync(context, cancellationToken);
        try
        {
            await using var stream = File.OpenRead(file);
            using var content = new StreamContent(stream) { Headers = { ContentType = new("application/gzip") } };
            await context.Gateway.SendAsync(HttpMethod.Post, "edge/v1/restore", content, cancellationToken);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} cannot be read: {ex.Message}", ExitCodes.Failed, ex);
        }
        await AwaitNextStartAsync(context, before, cancellationToken);
        if (context.Json)
        {
            using var document = JsonDocument.Parse(new JsonObject { ["restored"] = file }.ToJsonString());
            context.Output.Json(document.RootElement);
        }
        else
            context.Output.Line("Restored; the gateway runs with it. What was there before is kept in its data folder as before-restore-N: delete it when all is well.");
    }

    private static async Task<string> StartedAtAsync(CommandContext context, CancellationToken cancellationToken) =>
        Cell.Text(await context.Gateway.GetAsync("edge/v1/status", cancellationToken), "startedAt");

    private static async Task AwaitNextStartAsync(CommandContext context, string before, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            try
            {
                if (await StartedAtAsync(context, cancellationToken) != before)
                    return;
            }
            catch (CommandFailedException)
            {
                // Between stop and start nobody answers.
            }
        }
        throw new CommandFailedException($"the gateway has not come back within {Patience.TotalMinutes:0} minutes: see 'journalctl -u edgegateway'");
    }
}
