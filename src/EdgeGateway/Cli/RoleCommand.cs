using System.CommandLine;
using System.Text.Json;
using EdgeGateway.Api;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway role</c>: what the actions of rules may do.</summary>
internal static class RoleCommand
{
    private const string Path = "edge/v1/roles";

    public static Command Create(GlobalOptions globals) => new("role", "Roles that rules act under") { List(globals), Put(globals), Delete(globals) };

    private static Command List(GlobalOptions globals) => new Command("list", "All roles").Runs(globals, async (context, cancellationToken) =>
    {
        var roles = await context.Gateway.GetAsync(Path, cancellationToken);
        if (context.Json)
            context.Output.Json(roles);
        else
            context.Output.Table(roles, ("ROLE", Cell.Of("name")), ("DOCUMENT", static role => role.GetProperty("document").GetRawText()));
    });

    private static Command Put(GlobalOptions globals)
    {
        var name = new Argument<string>("name") { Description = "Name of the role, the last part of roleArn" };
        var document = new Option<string>("--document") { Description = "Policy as JSON: Effect, Action, Resource", HelpName = "FILE", Required = true };
        return new Command("put", "Make a role, or replace its document") { name, document }.Runs(globals, async (context, cancellationToken) =>
        {
            var role = new RoleDocument(context.Get(name), await ReadAsync(context.Get(document)!, cancellationToken));
            await context.Gateway.PutAsync(Path, JsonSerializer.Serialize(role, ApiJson.Default.RoleDocument), cancellationToken);
            Done(context, role.Name, "put");
        });
    }

    private static Command Delete(GlobalOptions globals)
    {
        var name = new Argument<string>("name") { Description = "Name of the role" };
        return new Command("delete", "Take a role away: rules that name it may do nothing from then on") { name }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync($"{Path}/{Uri.EscapeDataString(context.Get(name))}", cancellationToken);
            Done(context, context.Get(name), "deleted");
        });
    }

    private static async Task<JsonElement> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file, cancellationToken));
            return document.RootElement.Clone();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandFailedException($"{file} cannot be read: {ex.Message}", ExitCodes.Failed, ex);
        }
    }

    private static void Done(CommandContext context, string role, string word)
    {
        if (context.Json)
            context.Output.Json(JsonSerializer.SerializeToElement(new RuleNamed(role), ApiJson.Default.RuleNamed));
        else
            context.Output.Line($"{word} {role}");
    }
}
