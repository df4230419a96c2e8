namespace EdgeGateway.Cli;

/// <summary>A command was refused or failed; the message is one line that says what to do.</summary>
internal sealed class CommandFailedException(string message, int exitCode = ExitCodes.Failed, Exception? inner = null) : Exception(message, inner)
{
    public int ExitCode { get; } = exitCode;
}
