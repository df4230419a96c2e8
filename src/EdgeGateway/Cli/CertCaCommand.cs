using System.CommandLine;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway cert ca</c>: CAs whose certificates devices bring.</summary>
internal static class CertCaCommand
{
    private const string Path = "edge/v1/cas";

    public static Command Create(GlobalOptions globals) => new("ca", "CAs whose certificates devices bring")
    {
        List(globals), Code(globals), Register(globals), Change(globals, "activate", active: true), Change(globals, "deactivate", active: false), Delete(globals),
    };

    private static Command List(GlobalOptions globals) => new Command("list", "Registered CAs").Runs(globals, static async (context, cancellationToken) =>
    {
        var authorities = await context.Gateway.GetAsync(Path, cancellationToken);
        if (context.Json)
            context.Output.Json(authorities);
        else
            context.Output.Table(authorities, ("ID", Cell.Of("id")), ("STATUS", Cell.Of("status")), ("AUTO-REGISTRATION", Cell.Of("autoRegistration")), ("TEMPLATE", Cell.Of("template")), ("VALID TO", Cell.Of("notAfter")));
    });

    private static Command Code(GlobalOptions globals) =>
        new Command("code", "The registration code: common name of the certificate by which you show that a CA's key is yours").Runs(globals, static async (context, cancellationToken) =>
        {
            var code = await context.Gateway.PostAsync($"{Path}/registration-code", "{}", cancellationToken);
            context.Done(Cell.Text(code, "code"), code);
        });

    private static Command Register(GlobalOptions globals)
    {
        var pem = new Argument<string>("FILE") { Description = "CA certificate in PEM" };
        var (verification, auto, template) = (new Option<string>("--verification") { Description = "Certificate signed by the CA whose common name is the registration code; without it the key is not proved", HelpName = "FILE" },
            new Option<bool>("--auto-registration") { Description = "Its certificates register themselves at their first connect" },
            new Option<string>("--template") { Description = "JITP template they go through then", HelpName = "NAME" });
        return new Command("register", "Register a CA") { pem, verification, auto, template }.Runs(globals, async (context, cancellationToken) =>
        {
            var request = new JsonObject
            {
                ["pem"] = await context.ReadFileAsync(context.Get(pem), cancellationToken),
                ["verificationPem"] = context.Get(verification) is { } file ? await context.ReadFileAsync(file, cancellationToken) : null,
                ["autoRegistration"] = context.Get(auto),
                ["template"] = context.Get(template),
            };
            var ca = await context.Gateway.PostAsync(Path, request.ToJsonString(), cancellationToken);
            context.Done($"CA {Cell.Text(ca, "id")} is {Cell.Text(ca, "status")}.", ca);
        });
    }

    private static Command Change(GlobalOptions globals, string verb, bool active)
    {
        var id = new Argument<string>("ID");
        return new Command(verb, active ? "Let a CA's certificates be registered" : "Register no more certificates of a CA; those registered stay") { id }.Runs(globals, async (context, cancellationToken) =>
        {
            var ca = await context.Gateway.PutAsync($"{Path}/{Uri.EscapeDataString(context.Get(id))}", new JsonObject { ["active"] = active }.ToJsonString(), cancellationToken);
            context.Done($"CA {Cell.Text(ca, "id")} is {Cell.Text(ca, "status")}.", ca);
        });
    }

    private static Command Delete(GlobalOptions globals)
    {
        var id = new Argument<string>("ID");
        return new Command("delete", "Delete a CA that is not active") { id }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync($"{Path}/{Uri.EscapeDataString(context.Get(id))}", cancellationToken);
            context.Done($"CA {context.Get(id)} is deleted.");
        });
    }
}
