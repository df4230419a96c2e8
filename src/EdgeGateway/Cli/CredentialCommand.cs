using System.CommandLine;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway credential</c>: user names and passwords of devices and programs.</summary>
internal static class CredentialCommand
{
    private const string Path = "edge/v1/credentials";

    public static Command Create(GlobalOptions globals) => new("credential", "User names and passwords of devices that cannot do certificates") { Set(globals), Remove(globals), List(globals) };

    private static Command Set(GlobalOptions globals)
    {
        var name = new Argument<string>("NAME");
        var (policy, file) = (new Option<string>("--policy") { Description = "Attach this policy to the user", HelpName = "NAME" }, PasswordInput.Option());
        return new Command("set", "Make a user, or change its password") { name, policy, file }.Runs(globals, async (context, cancellationToken) =>
        {
            var request = new JsonObject { ["userName"] = context.Get(name), ["policy"] = context.Get(policy), ["password"] = PasswordInput.Read(context, context.Get(file)) };
            await context.Gateway.PostAsync(Path, request.ToJsonString(), cancellationToken);
            context.Done($"{context.Get(name)} may connect with user name and password.");
        });
    }

    private static Command Remove(GlobalOptions globals)
    {
        var name = new Argument<string>("NAME");
        return new Command("remove", "Remove a user; its connections lose every right") { name }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync($"{Path}/{Uri.EscapeDataString(context.Get(name))}", cancellationToken);
            context.Done($"{context.Get(name)} is removed.");
        });
    }

    private static Command List(GlobalOptions globals) => new Command("list", "All users").Runs(globals, static async (context, cancellationToken) =>
    {
        var users = await context.Gateway.GetAsync(Path, cancellationToken);
        if (context.Json)
            context.Output.Json(users);
        else
            foreach (var user in users.EnumerateArray())
                context.Output.Line(user.GetString()!);
    });
}
