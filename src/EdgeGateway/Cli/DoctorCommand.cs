using System.CommandLine;
using System.Net.NetworkInformation;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Cli.Doctor;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway doctor</c>: looks at the machine and says how to mend what is wrong.</summary>
internal static class DoctorCommand
{
    private const string ServiceData = "/var/lib/edgegateway";

    public static Command Create(GlobalOptions globals)
    {
        var command = new Command("doctor", "Check buses, permissions, clock, disk, ports and certificates of this machine, and say how to mend each");
        return command.Runs(globals, (context, cancellationToken) => RunAsync(context, context.Get(globals.Data) ?? ServiceData, cancellationToken));
    }

    private static async Task<int> RunAsync(CommandContext context, string dataFolder, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var running = await GatewayAsync(context, findings, cancellationToken);
        findings.AddRange(new BusChecks("/", MayOpen).Run());
        findings.Add(new MachineChecks(TimeProvider.System).Clock(File.Exists("/run/systemd/timesync/synchronized")));
        findings.Add(MachineChecks.Disk(Path.GetFullPath(dataFolder)));
        await ListenersAsync(findings, dataFolder, running, cancellationToken);
        Print(context, findings);
        return findings.Exists(static finding => finding.Verdict == Verdict.Bad) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static async Task<bool> GatewayAsync(CommandContext context, List<Finding> findings, CancellationToken cancellationToken)
    {
        try
        {
            var status = await context.Gateway.GetAsync("edge/v1/status", cancellationToken);
            foreach (var part in status.GetProperty("components").EnumerateArray())
                if (Cell.Text(part, "state") != "healthy")
                    findings.Add(new(Cell.Text(part, "name"), Verdict.Bad, Cell.Text(part, "state"), Cell.Text(part, "message")));
            findings.Add(new("gateway", Verdict.Good, "running"));
            return true;
        }
        catch (CommandFailedException ex)
        {
            findings.Add(new("gateway", Verdict.Note, "no answer", ex.Message));
            return false;
        }
    }

    private static async Task ListenersAsync(List<Finding> findings, string dataFolder, bool running, CancellationToken cancellationToken)
    {
        var bound = running ? BoundListeners.Read(dataFolder) : null;
        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(static endpoint => endpoint.Port).ToHashSet();
        foreach (var (name, endpoint) in bound ?? BoundListeners.Default)
            findings.Add(MachineChecks.Port(name, endpoint.Port, listening.Contains(endpoint.Port), running));
        if (bound is null)
            return;
        foreach (var (name, endpoint) in bound)
            if (name is "mqtts" or "https")
                findings.AddRange(await new CertificateChecks(TimeProvider.System).RunAsync(name, endpoint, cancellationToken));
    }

    private static bool MayOpen(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            return true; // Busy or without a chip behind it: permission is not what is missing.
        }
    }

    private static void Print(CommandContext context, List<Finding> findings)
    {
        var rows = new JsonArray();
        foreach (var finding in findings)
            rows.Add((JsonNode)new JsonObject { ["check"] = finding.Check, ["verdict"] = Word(finding.Verdict), ["detail"] = finding.Detail, ["remedy"] = finding.Remedy });
        using var document = JsonDocument.Parse(rows.ToJsonString());
        if (context.Json)
            context.Output.Json(document.RootElement);
        else
            context.Output.Table(document.RootElement, ("CHECK", Cell.Of("check")), ("", Cell.Of("verdict")), ("FOUND", Cell.Of("detail")), ("TO MEND", Cell.Of("remedy")));
    }

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Good => "ok",
        Verdict.Note => "note",
        _ => "BAD",
    };
}
