using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Api;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create(GlobalOptions globals) => new Command("version", "Print the version of this program").Runs(globals, static (context, _) =>
    {
        if (context.Json)
            context.Output.Json(new JsonObject { ["version"] = ProductVersion.Current, ["runtime"] = RuntimeInformation.RuntimeIdentifier }.ToElement());
        else
            context.Output.Line($"edgegateway {ProductVersion.Current} ({RuntimeInformation.RuntimeIdentifier})");
        return Task.CompletedTask;
    });
}
