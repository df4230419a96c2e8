using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway permit-join</c>: for some minutes unknown devices with a claim may register themselves.</summary>
internal static class PermitJoinCommand
{
    private const string Path = "edge/v1/permit-join";

    public static Command Create(GlobalOptions globals)
    {
        var minutes = new Option<double>("--minutes") { Description = "How long; 10 if absent", HelpName = "N", DefaultValueFactory = static _ => 10 };
        var folder = new Option<string>("--out") { Description = "Also make a claim to put into devices: ca.pem, claim.pem, claim.key, connect.json", HelpName = "DIR" };
        var (off, status, host) = (new Option<bool>("--off") { Description = "End it now" }, new Option<bool>("--status") { Description = "Only say whether it is open" },
            new Option<string>("--host") { Description = "Name or address the devices are to dial", HelpName = "HOST" });
        return new Command("permit-join", "For some minutes let unknown devices with a claim register themselves") { minutes, folder, off, status, host }.Runs(globals, async (context, cancellationToken) =>
        {
            if (context.Get(status))
            {
                Print(context, await context.Gateway.GetAsync(Path, cancellationToken), bundle: null);
                return;
            }
            var bundle = context.Get(folder) is { } path ? BundleFolder.Prepare(path) : null;
            var request = new JsonObject { ["minutes"] = context.Get(off) ? 0 : context.Get(minutes), ["newClaim"] = bundle is not null, ["host"] = context.Get(host) };
            Print(context, await context.Gateway.PostAsync(Path, request.ToJsonString(), cancellationToken), bundle);
        });
    }

    private static void Print(CommandContext context, JsonElement window, BundleFolder? bundle)
    {
        bundle?.Write(window.GetProperty("files"));
        if (context.Json)
        {
            var answer = new JsonObject();
            foreach (var member in window.EnumerateObject())
                if (member.Name != "files")
                    answer[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            if (bundle is not null)
                answer["folder"] = bundle.Path;
            context.Output.Json(answer.ToElement());
            return;
        }
        context.Output.Line(window.Has("until")
            ? $"Devices with a claim may join until {window.GetProperty("until").GetDateTimeOffset().ToLocalTime():HH:mm:ss} by provisioning template {Cell.Text(window, "template")}."
            : "Nobody may join.");
        if (bundle is not null)
            context.Output.Line($"The claim is in {bundle.Path}.");
    }
}
