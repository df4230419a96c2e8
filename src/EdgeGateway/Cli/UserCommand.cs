using System.CommandLine;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway user</c>: people who may use the console.</summary>
internal static class UserCommand
{
    private const string Path = "edge/v1/users";

    public static Command Create(GlobalOptions globals) => new("user", "People who may use the console") { Add(globals), Password(globals), Remove(globals), List(globals) };

    private static Command Add(GlobalOptions globals)
    {
        var name = new Argument<string>("NAME");
        var (role, file) = (new Option<string>("--role") { Description = "administrator, operator (default) or viewer", HelpName = "ROLE" }, PasswordInput.Option());
        return new Command("add", "Let somebody in") { name, role, file }.Runs(globals, async (context, cancellationToken) =>
        {
            var request = new JsonObject { ["name"] = context.Get(name), ["role"] = context.Get(role), ["password"] = PasswordInput.Read(context, context.Get(file)) };
            var user = await context.Gateway.PostAsync(Path, request.ToJsonString(), cancellationToken);
            context.Done($"{Cell.Text(user, "name")} may use the console as {Cell.Text(user, "role")}.", user);
        });
    }

    private static Command Password(GlobalOptions globals)
    {
        var (name, file) = (new Argument<string>("NAME"), PasswordInput.Option());
        return new Command("passwd", "Change a password") { name, file }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.PutAsync($"{Path}/{Uri.EscapeDataString(context.Get(name))}/password", new JsonObject { ["password"] = PasswordInput.Read(context, context.Get(file)) }.ToJsonString(), cancellationToken);
            context.Done($"The password of {context.Get(name)} is changed.");
        });
    }

    private static Command Remove(GlobalOptions globals)
    {
        var name = new Argument<string>("NAME");
        return new Command("remove", "Let somebody in no more; their access keys go too") { name }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync($"{Path}/{Uri.EscapeDataString(context.Get(name))}", cancellationToken);
            context.Done($"{context.Get(name)} is removed.");
        });
    }

    private static Command List(GlobalOptions globals) => new Command("list", "Who may use the console").Runs(globals, static async (context, cancellationToken) =>
    {
        var users = await context.Gateway.GetAsync(Path, cancellationToken);
        if (context.Json)
            context.Output.Json(users);
        else
            context.Output.Table(users, ("NAME", Cell.Of("name")), ("ROLE", Cell.Of("role")), ("SINCE", Cell.Of("created")));
    });
}
