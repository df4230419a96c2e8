using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway device</c>: gets devices on and off.</summary>
internal static class DeviceCommand
{
    public static Command Create(GlobalOptions globals) => new("device", "Get devices on and off: thing, certificate and policy in one go") { Add(globals), List(globals), Remove(globals) };

    private static Command Add(GlobalOptions globals)
    {
        var name = new Argument<string>("NAME") { Description = "Thing name, and the client id to connect with" };
        var folder = new Option<string>("--out") { Description = "Folder for the files; default: one named like the device", HelpName = "DIR" };
        var kinds = new Option<string[]>("--for") { Description = "Also files for mosquitto, aws-sdk, esp-idf, arduino, esphome or tasmota; may be repeated", HelpName = "KIND" };
        var host = new Option<string>("--host") { Description = "Name or address the device is to dial", HelpName = "HOST" };
        return new Command("add", "Create a device and write what it needs to connect") { name, folder, kinds, host }.Runs(globals, (context, cancellationToken) =>
            AddAsync(context, context.Get(name), context.Get(folder) ?? context.Get(name), context.Get(kinds) ?? [], context.Get(host), cancellationToken));
    }

    private static async Task AddAsync(CommandContext context, string name, string folder, string[] kinds, string? host, CancellationToken cancellationToken)
    {
        var bundle = BundleFolder.Prepare(folder);
        var wanted = new JsonArray();
        foreach (var kind in kinds)
            wanted.Add((JsonNode)kind);
        var request = new JsonObject { ["name"] = name, ["kinds"] = wanted, ["host"] = host };
        var device = await context.Gateway.PostAsync("edge/v1/devices", request.ToJsonString(), cancellationToken);
        var files = bundle.Write(device.GetProperty("files"));
        var line = Line(device, bundle);
        if (context.Json)
        {
            context.Output.Json(Answer(device, bundle, files, line));
            return;
        }
        context.Output.Line($"{name} may connect to {Cell.Text(device, "host")}:{Cell.Text(device, "port")} with client id {name} and use topics below devices/{name}/.");
        context.Output.Line($"Its files are in {bundle.Path}: {string.Join(", ", files)}");
        context.Output.Line("");
        context.Output.Line(line);
    }

    private static Command List(GlobalOptions globals) => new Command("list", "Devices, what they prove themselves by, and whether they are connected").Runs(globals, static async (context, cancellationToken) =>
    {
        var devices = await context.Gateway.GetAsync("edge/v1/devices", cancellationToken);
        if (context.Json)
            context.Output.Json(devices);
        else
            context.Output.Table(devices, ("DEVICE", Cell.Of("name")), ("CONNECTED", Cell.Of("connected")), ("PRINCIPALS", Cell.Of("principals")));
    });

    private static Command Remove(GlobalOptions globals)
    {
        var name = new Argument<string>("NAME");
        return new Command("remove", "Revoke and delete a device's credentials and its thing; its connection closes at once") { name }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync($"edge/v1/devices/{Uri.EscapeDataString(context.Get(name))}", cancellationToken);
            context.Done($"{context.Get(name)} is removed.");
        });
    }

    /// <summary>A line for the shell that publishes as this device.</summary>
    private static string Line(JsonElement device, BundleFolder bundle)
    {
        var name = Cell.Text(device, "name");
        var proof = device.Has("certificateId")
            ? $"--cert {bundle.Quoted("device.pem")} --key {bundle.Quoted("device.key")}"
            : $"-u {BundleFolder.Quote(Cell.Text(device, "userName"))} -P \"$(cat {bundle.Quoted("device.password")})\"";
        return $"mosquitto_pub -h {BundleFolder.Quote(Cell.Text(device, "host"))} -p {Cell.Text(device, "port")} --cafile {bundle.Quoted("ca.pem")} {proof} "
            + $"-i {BundleFolder.Quote(name)} -q 1 -t {BundleFolder.Quote(Cell.Text(device, "telemetryTopic"))} -m '{{\"temperature\":21.5}}'";
    }

    private static JsonElement Answer(JsonElement device, BundleFolder bundle, IReadOnlyList<string> files, string line)
    {
        var answer = new JsonObject();
        foreach (var member in device.EnumerateObject())
            if (member.Name != "files")
                answer[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        answer["folder"] = bundle.Path;
        var names = new JsonArray();
        foreach (var file in files)
            names.Add((JsonNode)file);
        answer["files"] = names;
        answer["command"] = line;
        return answer.ToElement();
    }
}
