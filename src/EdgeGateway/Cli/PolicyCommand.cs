using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway policy</c>: what devices may do.</summary>
internal static class PolicyCommand
{
    private const string Path = "edge/v1/policies";

    public static Command Create(GlobalOptions globals) => new("policy", "Policies: what devices may do")
    {
        Make(globals), List(globals), Show(globals), Delete(globals), Attach(globals, "attach"), Attach(globals, "detach"), PolicyVersionCommand.Create(globals), Update(globals), PolicyExplainCommand.Create(globals),
    };

    internal static Argument<string> Name() => new("NAME");

    internal static Option<string> Document() => new("--document") { Description = "Policy document, JSON", HelpName = "FILE", Required = true };

    internal static string At(string name) => $"{Path}/{Uri.EscapeDataString(name)}";

    internal static void Warn(CommandContext context, JsonElement written)
    {
        if (written.TryGetProperty("warnings", out var warnings) && warnings.ValueKind == JsonValueKind.Array)
            foreach (var warning in warnings.EnumerateArray())
                context.Error.WriteLine($"edgegateway: warning: {warning.GetString()}");
    }

    private static Command Make(GlobalOptions globals)
    {
        var (name, document) = (Name(), Document());
        return new Command("create", "Create a policy") { name, document }.Runs(globals, async (context, cancellationToken) =>
        {
            var request = new JsonObject { ["name"] = context.Get(name), ["document"] = await context.ReadFileAsync(context.Get(document)!, cancellationToken) };
            var policy = await context.Gateway.PostAsync(Path, request.ToJsonString(), cancellationToken);
            Warn(context, policy);
            context.Done($"Policy {context.Get(name)} is in force wherever it is attached.", policy);
        });
    }

    private static Command Update(GlobalOptions globals)
    {
        var (name, document) = (Name(), Document());
        return new Command("update", "Put a new version of a policy in force") { name, document }.Runs(globals, async (context, cancellationToken) =>
        {
            var request = new JsonObject { ["document"] = await context.ReadFileAsync(context.Get(document)!, cancellationToken), ["setAsDefault"] = true };
            var version = await context.Gateway.PostAsync($"{At(context.Get(name))}/versions", request.ToJsonString(), cancellationToken);
            Warn(context, version);
            context.Done($"Policy {context.Get(name)} is now at version {Cell.Text(version, "version")}.", version);
        });
    }

    private static Command List(GlobalOptions globals) => new Command("list", "All policies").Runs(globals, static async (context, cancellationToken) =>
    {
        var policies = await context.Gateway.GetAsync(Path, cancellationToken);
        if (context.Json)
            context.Output.Json(policies);
        else
            context.Output.Table(policies, ("POLICY", Cell.Of("name")), ("VERSION", Cell.Of("defaultVersion")), ("ATTACHED TO", Cell.Of("targets")));
    });

    private static Command Show(GlobalOptions globals)
    {
        var (name, version) = (Name(), new Option<long?>("--version") { Description = "Default: the one in force", HelpName = "N" });
        return new Command("show", "A policy's document and targets") { name, version }.Runs(globals, async (context, cancellationToken) =>
        {
            var policy = await context.Gateway.GetAsync(context.Get(version) is { } n ? $"{At(context.Get(name))}?version={n}" : At(context.Get(name)), cancellationToken);
            if (context.Json)
            {
                context.Output.Json(policy);
                return;
            }
            context.Output.Facts(("policy", Cell.Text(policy, "name")), ("arn", Cell.Text(policy, "arn")), ("version in force", Cell.Text(policy, "defaultVersion")), ("attached to", Cell.Text(policy, "targets")));
            context.Output.Line(policy.GetProperty("document").GetString()!.TrimEnd());
        });
    }

    private static Command Delete(GlobalOptions globals)
    {
        var name = Name();
        return new Command("delete", "Delete a policy that is attached to nothing and has one version") { name }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync(At(context.Get(name)), cancellationToken);
            context.Done($"Policy {context.Get(name)} is deleted.");
        });
    }

    private static Command Attach(GlobalOptions globals, string verb)
    {
        var (name, target) = (Name(), new Argument<string>("TARGET") { Description = "cert/ID, user/NAME, group/NAME, thing/NAME (its certificate) or an ARN" });
        var attaches = verb == "attach";
        return new Command(verb, attaches ? "Attach a policy to a certificate, user or thing group" : "Detach a policy; live connections lose its rights at once") { name, target }.Runs(globals, async (context, cancellationToken) =>
        {
            var path = $"{At(context.Get(name))}/targets{(attaches ? "" : "/remove")}";
            await context.Gateway.PostAsync(path, new JsonObject { ["target"] = context.Get(target) }.ToJsonString(), cancellationToken);
            context.Done($"Policy {context.Get(name)} is {(attaches ? "attached to" : "detached from")} {context.Get(target)}.");
        });
    }
}
