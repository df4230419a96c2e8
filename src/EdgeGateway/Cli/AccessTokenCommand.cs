using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway access-token</c>: bearer tokens, for programs that cannot sign.</summary>
internal static class AccessTokenCommand
{
    private const string Path = "edge/v1/access-keys/tokens";

    public static Command Create(GlobalOptions globals) => new("access-token", "Bearer tokens: curl -H 'Authorization: Bearer …'") { Make(globals), List(globals), Delete(globals) };

    private static Command Make(GlobalOptions globals)
    {
        var owner = new Option<string>("--owner") { Description = "Whom the token speaks for; default: you", HelpName = "NAME" };
        var role = new Option<string>("--role") { Description = "What it may do; default: viewer", HelpName = "ROLE" };
        role.AcceptOnlyFromAmong("administrator", "operator", "viewer");
        var life = new Option<string>("--for") { Description = "How long it holds, such as 12h or 30d; default: 30d", HelpName = "DURATION" };
        return new Command("create", "Make a token; it is shown this once") { owner, role, life }.Runs(globals, async (context, cancellationToken) =>
        {
            var request = new JsonObject { ["owner"] = context.Get(owner), ["role"] = context.Get(role), ["lifetimeSeconds"] = context.Get(life) is { } text ? Seconds(text) : null };
            var token = await context.Gateway.PostAsync(Path, request.ToJsonString(), cancellationToken);
            if (context.Json)
                context.Output.Json(token);
            else
                context.Output.Line(Cell.Text(token, "token"));
        });
    }

    private static Command List(GlobalOptions globals) => new Command("list", "Bearer tokens, without their secrets").Runs(globals, async (context, cancellationToken) =>
        context.List(await context.Gateway.GetAsync(Path, cancellationToken), ("TOKEN", Cell.Of("id")), ("OWNER", Cell.Of("owner")), ("ROLE", Cell.Of("role")), ("EXPIRES", Cell.Of("expiresAt"))));

    private static Command Delete(GlobalOptions globals)
    {
        var id = new Argument<string>("ID") { Description = "Id of the token, from the list" };
        return new Command("delete", "Delete a token; it is refused from then on") { id }.Runs(globals, async (context, cancellationToken) =>
            context.Say($"Access token {context.Get(id)} is deleted.", await context.Gateway.DeleteAsync($"{Path}/{Uri.EscapeDataString(context.Get(id))}", cancellationToken)));
    }

    private static long Seconds(string text)
    {
        var factor = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        return factor > 0 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? (long)count * factor : throw new CommandFailedException($"--for is '{text}', expected a duration such as 12h or 30d", ExitCodes.Usage);
    }
}
