using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary>Options that every command understands.</summary>
internal sealed class GlobalOptions
{
    public Option<string> Data { get; } = new("--data")
    {
        Description = "Data folder of the gateway meant; default: the installed service's",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON value", Recursive = true };
}
