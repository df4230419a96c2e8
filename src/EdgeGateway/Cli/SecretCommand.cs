using System.CommandLine;
using System.Text.Json;
using EdgeGateway.Api;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway secret</c>: passwords and keys for rules, sealed. No command prints one.</summary>
internal static class SecretCommand
{
    private const string Path = "edge/v1/secrets";

    public static Command Create(GlobalOptions globals) => new("secret", "Passwords and keys that rules use") { Set(globals), List(globals), Remove(globals) };

    private static Command Set(GlobalOptions globals)
    {
        var name = new Argument<string>("name") { Description = "Name of the secret" };
        var file = new Option<string>("--file") { Description = "The bytes of FILE; default: a line that is typed, or from a pipe", HelpName = "FILE" };
        return new Command("set", "Keep a secret, or replace it") { name, file }.Runs(globals, async (context, cancellationToken) =>
        {
            var value = context.Get(file) is { } path ? await ReadAsync(path, cancellationToken) : System.Text.Encoding.UTF8.GetBytes(PasswordInput.Read(context, file: null));
            await context.Gateway.SendAsync(HttpMethod.Put, Of(context.Get(name)), new ByteArrayContent(value) { Headers = { ContentType = new("application/octet-stream") } }, cancellationToken);
            Done(context, context.Get(name), "set");
        });
    }

    private static Command List(GlobalOptions globals) => new Command("list", "All secrets, without their values").Runs(globals, async (context, cancellationToken) =>
    {
        var secrets = await context.Gateway.GetAsync(Path, cancellationToken);
        if (context.Json)
            context.Output.Json(secrets);
        else
            context.Output.Table(secrets, ("SECRET", Cell.Of("name")), ("CREATED", Cell.Of("createdAt")), ("UPDATED", Cell.Of("updatedAt")));
    });

    private static Command Remove(GlobalOptions globals)
    {
        var name = new Argument<string>("name") { Description = "Name of the secret" };
        return new Command("remove", "Forget a secret") { name }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync(Of(context.Get(name)), cancellationToken);
            Done(context, context.Get(name), "removed");
        });
    }

    private static string Of(string name) => $"{Path}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(file, cancellationToken);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"{file} cannot be read: {ex.Message}", ExitCodes.Failed, ex);
        }
    }

    private static void Done(CommandContext context, string secret, string word)
    {
        if (context.Json)
            context.Output.Json(JsonSerializer.SerializeToElement(new RuleNamed(secret), ApiJson.Default.RuleNamed));
        else
            context.Output.Line($"{word} {secret}");
    }
}
