using System.CommandLine;
using System.Text.Json.Nodes;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway backup FILE</c>: everything the running gateway keeps, into one file for its owner alone.</summary>
internal static class BackupCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var file = new Argument<string>("FILE") { Description = "Where the backup goes; it holds private keys" };
        return new Command("backup", "Save everything (registry, certificates, shadows, rules, sessions, queues) of the running gateway") { file }
            .Runs(globals, (context, cancellationToken) => RunAsync(context, context.Get(file), cancellationToken));
    }

    private static async Task RunAsync(CommandContext context, string file, CancellationToken cancellationToken)
    {
        var partial = $"{file}.part";
        long bytes;
        try
        {
            await using (var stream = new FileStream(partial, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
            {
                await context.Gateway.DownloadAsync("edge/v1/backup", stream, cancellationToken);
                stream.Flush(flushToDisk: true);
                bytes = stream.Length;
            }
            File.Move(partial, file, overwrite: true); // a backup that broke off never looks like one
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or HttpRequestException)
        {
            throw new CommandFailedException($"the backup could not be written to {file}: {ex.Message}", ExitCodes.Failed, ex);
        }
        finally
        {
            if (File.Exists(partial))
                File.Delete(partial);
        }
        Print(context, file, bytes);
    }

    private static void Print(CommandContext context, string file, long bytes)
    {
        if (!context.Json)
        {
            context.Output.Line($"{file}: {(bytes + 1023) / 1024} KB. It holds private keys: keep it as safe as the gateway itself.");
            return;
        }
        using var document = JsonDocument.Parse(new JsonObject { ["file"] = file, ["bytes"] = bytes }.ToJsonString());
        context.Output.Json(document.RootElement);
    }
}
