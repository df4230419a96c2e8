using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway cert</c>: client certificates and their states.</summary>
internal static class CertCommand
{
    private const string Path = "edge/v1/certificates";

    public static Command Create(GlobalOptions globals) => new("cert", "Client certificates: make, register, activate, revoke")
    {
        List(globals), Show(globals), Make(globals), Register(globals),
        Status(globals, "activate", "ACTIVE", "Let a certificate connect"),
        Status(globals, "deactivate", "INACTIVE", "Keep a certificate out until it is activated again; its connections close"),
        Status(globals, "revoke", "REVOKED", "Keep a certificate out for ever; its connections close"),
        Delete(globals), Attach(globals, "attach", "Attach a certificate to a thing"), Attach(globals, "detach", "Detach a certificate from a thing"), CertCaCommand.Create(globals),
    };

    private static Argument<string> Id() => new("ID") { Description = "Certificate id, or its beginning" };

    private static Command List(GlobalOptions globals)
    {
        var ca = new Option<string>("--ca") { Description = "Only those signed by this CA", HelpName = "ID" };
        return new Command("list", "All client certificates") { ca }.Runs(globals, async (context, cancellationToken) =>
        {
            var certificates = await context.Gateway.GetAsync(context.Get(ca) is { } id ? $"{Path}?ca={Uri.EscapeDataString(id)}" : Path, cancellationToken);
            if (context.Json)
                context.Output.Json(certificates);
            else
                context.Output.Table(certificates, ("ID", Cell.Of("id")), ("STATUS", Cell.Of("status")), ("THINGS", Cell.Of("things")), ("POLICIES", Cell.Of("policies")), ("VALID TO", Cell.Of("notAfter")));
        });
    }

    private static Command Show(GlobalOptions globals)
    {
        var id = Id();
        return new Command("show", "One certificate, with its PEM") { id }.Runs(globals, async (context, cancellationToken) =>
            context.Facts(await context.Gateway.GetAsync(At(context.Get(id)), cancellationToken)));
    }

    private static Command Make(GlobalOptions globals)
    {
        var (csr, commonName, folder, inactive) = (new Option<string>("--csr") { Description = "Sign this request; default: make a key too", HelpName = "FILE" },
            new Option<string>("--cn") { Description = "Common name of the subject", HelpName = "NAME" },
            new Option<string>("--out") { Description = "Folder for ca.pem, device.pem and device.key; default: the current one", HelpName = "DIR" },
            new Option<bool>("--inactive") { Description = "Do not let it in yet" });
        return new Command("create", "Make a certificate by the gateway's CA") { csr, commonName, folder, inactive }.Runs(globals, async (context, cancellationToken) =>
        {
            var bundle = BundleFolder.Prepare(context.Get(folder) ?? ".");
            var request = new JsonObject
            {
                ["csr"] = context.Get(csr) is { } file ? await context.ReadFileAsync(file, cancellationToken) : null,
                ["commonName"] = context.Get(commonName),
                ["inactive"] = context.Get(inactive),
            };
            var issued = await context.Gateway.PostAsync(Path, request.ToJsonString(), cancellationToken);
            var files = new JsonArray(File("ca.pem", issued, "caPem", secret: false), File("device.pem", issued, "pem", secret: false));
            if (issued.Has("privateKeyPem"))
                files.Add((JsonNode)File("device.key", issued, "privateKeyPem", secret: true));
            var names = bundle.Write(files.ToElement());
            PrintIssued(context, issued, $"Certificate {Cell.Text(issued, "id")} is {Cell.Text(issued, "status")}; in {bundle.Path}: {string.Join(", ", names)}");
        });
    }

    private static Command Register(GlobalOptions globals)
    {
        var pem = new Argument<string>("FILE") { Description = "Certificate in PEM" };
        var (ca, anyIssuer, inactive) = (new Option<string>("--ca") { Description = "CA that signed it, where several registered CAs share a name", HelpName = "FILE" },
            new Option<bool>("--any-issuer") { Description = "Register it whoever signed it" }, new Option<bool>("--inactive") { Description = "Do not let it in yet" });
        return new Command("register", "Register a certificate of a registered CA, or of anybody with --any-issuer") { pem, ca, anyIssuer, inactive }.Runs(globals, async (context, cancellationToken) =>
        {
            var request = new JsonObject
            {
                ["pem"] = await context.ReadFileAsync(context.Get(pem), cancellationToken),
                ["caPem"] = context.Get(ca) is { } file ? await context.ReadFileAsync(file, cancellationToken) : null,
                ["anyIssuer"] = context.Get(anyIssuer),
                ["inactive"] = context.Get(inactive),
            };
            var registered = await context.Gateway.PostAsync(Path, request.ToJsonString(), cancellationToken);
            PrintIssued(context, registered, $"Certificate {Cell.Text(registered, "id")} is registered and {Cell.Text(registered, "status")}.");
        });
    }

    private static Command Status(GlobalOptions globals, string verb, string status, string description)
    {
        var id = Id();
        return new Command(verb, description) { id }.Runs(globals, async (context, cancellationToken) =>
        {
            var certificate = await context.Gateway.PutAsync($"{At(context.Get(id))}/status", new JsonObject { ["status"] = status }.ToJsonString(), cancellationToken);
            context.Done($"Certificate {Cell.Text(certificate, "id")} is {Cell.Text(certificate, "status")}.", certificate);
        });
    }

    private static Command Delete(GlobalOptions globals)
    {
        var id = Id();
        var force = new Option<bool>("--force") { Description = "Detach its policies too" };
        return new Command("delete", "Delete a certificate that is not active and has no thing") { id, force }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync($"{At(context.Get(id))}?force={(context.Get(force) ? "true" : "false")}", cancellationToken);
            context.Done($"Certificate {context.Get(id)} is deleted.");
        });
    }

    private static Command Attach(GlobalOptions globals, string verb, string description)
    {
        var (id, thing) = (Id(), new Argument<string>("THING"));
        return new Command(verb, description) { id, thing }.Runs(globals, async (context, cancellationToken) =>
        {
            var path = $"{At(context.Get(id))}/things/{Uri.EscapeDataString(context.Get(thing))}";
            await (verb == "attach" ? context.Gateway.PutAsync(path, "{}", cancellationToken) : context.Gateway.DeleteAsync(path, cancellationToken));
            context.Done($"Certificate {context.Get(id)} is {(verb == "attach" ? "attached to" : "detached from")} {context.Get(thing)}.");
        });
    }

    private static string At(string id) => $"{Path}/{Uri.EscapeDataString(id)}";

    private static JsonObject File(string name, JsonElement issued, string member, bool secret) =>
        new() { ["name"] = name, ["content"] = issued.GetProperty(member).GetString(), ["secret"] = secret };

    private static void PrintIssued(CommandContext context, JsonElement issued, string line)
    {
        var answer = new JsonObject();
        foreach (var member in issued.EnumerateObject())
            if (member.Name != "privateKeyPem")
                answer[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        context.Done(line, answer.ToElement());
    }
}
