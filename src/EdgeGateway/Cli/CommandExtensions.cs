using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary>The one place where a failure becomes a line on stderr and an exit code.</summary>
internal static class CommandExtensions
{
    public static Command Runs(this Command command, GlobalOptions globals, Func<CommandContext, CancellationToken, Task<int>> run)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var context = new CommandContext(parsed, globals);
            try
            {
                return await run(context, cancellationToken);
            }
            catch (CommandFailedException ex)
            {
                await context.Error.WriteLineAsync($"edgegateway: {ex.Message}");
                return ex.ExitCode;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCodes.Done;
            }
        });
        return command;
    }

    public static Command Runs(this Command command, GlobalOptions globals, Func<CommandContext, CancellationToken, Task> run) =>
        command.Runs(globals, async (context, cancellationToken) =>
        {
            await run(context, cancellationToken);
            return ExitCodes.Done;
        });
}
