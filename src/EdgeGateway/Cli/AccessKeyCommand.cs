using System.CommandLine;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway access-key</c>: keys for AWS CLI and SDKs.</summary>
internal static class AccessKeyCommand
{
    private const string Path = "edge/v1/access-keys";

    public static Command Create(GlobalOptions globals) => new("access-key", "Keys for AWS CLI and SDKs") { Make(globals), List(globals), Delete(globals) };

    private static Command Make(GlobalOptions globals)
    {
        var owner = new Option<string>("--owner") { Description = "Whom the key speaks for; default: you", HelpName = "NAME" };
        var role = new Option<string>("--role") { Description = "What it may do; default: administrator", HelpName = "ROLE" };
        role.AcceptOnlyFromAmong("administrator", "operator", "viewer");
        return new Command("create", "Make an access key; its secret is shown this once") { owner, role }.Runs(globals, async (context, cancellationToken) =>
        {
            var key = await context.Gateway.PostAsync(Path, new JsonObject { ["owner"] = context.Get(owner), ["role"] = context.Get(role) }.ToJsonString(), cancellationToken);
            if (context.Json)
            {
                context.Output.Json(key);
                return;
            }
            context.Output.Line($"AWS_ACCESS_KEY_ID={Cell.Text(key, "accessKeyId")}");
            context.Output.Line($"AWS_SECRET_ACCESS_KEY={Cell.Text(key, "secretAccessKey")}");
            await context.Error.WriteLineAsync("The secret is not shown again. Any region will do: export AWS_DEFAULT_REGION=eu-central-1");
        });
    }

    private static Command List(GlobalOptions globals) => new Command("list", "Access keys, without their secrets").Runs(globals, async (context, cancellationToken) =>
        context.List(await context.Gateway.GetAsync(Path, cancellationToken), ("KEY", Cell.Of("accessKeyId")), ("OWNER", Cell.Of("owner")), ("ROLE", Cell.Of("role")), ("CREATED", Cell.Of("createdAt"))));

    private static Command Delete(GlobalOptions globals)
    {
        var id = new Argument<string>("KEY") { Description = "Id of the key, such as AKIA…" };
        return new Command("delete", "Delete an access key; it is refused from then on") { id }.Runs(globals, async (context, cancellationToken) =>
            context.Say($"Access key {context.Get(id)} is deleted.", await context.Gateway.DeleteAsync($"{Path}/{Uri.EscapeDataString(context.Get(id))}", cancellationToken)));
    }
}
