using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway completion bash</c>: what bash sources to complete commands and options.</summary>
internal static class CompletionCommand
{
    // The program completes itself: [suggest:N] answers with the words that may stand at position N of the line.
    private const string Bash =
        """
        _edgegateway() {
            local IFS=$'\n' word="${COMP_WORDS[COMP_CWORD]}"
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _edgegateway edgegateway
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "Only bash so far" };
        shell.AcceptOnlyFromAmong("bash");
        var command = new Command("completion", "Print the completion script of a shell: source <(edgegateway completion bash)") { shell };
        command.SetAction(static parsed => parsed.InvocationConfiguration.Output.WriteLine(Bash));
        return command;
    }
}
