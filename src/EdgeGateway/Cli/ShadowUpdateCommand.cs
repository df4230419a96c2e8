using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway shadow update</c>: a whole request by file, or one or both sections on the command line.</summary>
internal static class ShadowUpdateCommand
{
    private static readonly Option<string> Desired = new("--desired") { Description = "Members to change in desired, as JSON; a null removes one", HelpName = "JSON" };
    private static readonly Option<string> Reported = new("--reported") { Description = "Members to change in reported, as JSON; a null removes one", HelpName = "JSON" };
    private static readonly Option<string> Document = new("--document") { Description = "A whole request, {\"state\":{...}}; - reads it from standard input", HelpName = "FILE" };
    private static readonly Option<long?> Version = new("--version") { Description = "Refuse the change if the shadow is at another version", HelpName = "N" };

    public static Command Create(GlobalOptions globals, Command update)
    {
        foreach (var option in (Option[])[Desired, Reported, Document, Version])
            update.Add(option);
        return update.Runs(globals, async (context, cancellationToken) =>
        {
            var accepted = await context.Gateway.PostAsync(ShadowCommand.Path(context), await RequestAsync(context, cancellationToken), cancellationToken);
            if (context.Json)
                context.Output.Json(accepted);
            else
                context.Output.Line($"version {Cell.Text(accepted, "version")}");
        });
    }

    private static async Task<string> RequestAsync(CommandContext context, CancellationToken cancellationToken)
    {
        if (context.Get(Document) is not { } file)
            return Sections(context);
        if (context.Has(Desired) || context.Has(Reported) || context.Has(Version))
            throw new CommandFailedException("--document holds the whole request: leave --desired, --reported and --version out", ExitCodes.Usage);
        try
        {
            return file == "-" ? await Console.In.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"'{file}' cannot be read: {ex.Message}", ExitCodes.Failed, ex);
        }
    }

    private static string Sections(CommandContext context)
    {
        var state = new JsonObject();
        foreach (var (name, option) in (ReadOnlySpan<(string, Option<string>)>)[("desired", Desired), ("reported", Reported)])
            if (context.Get(option) is { } json)
                state[name] = Parse(name, json);
        if (state.Count == 0)
            throw new CommandFailedException("nothing to change: give --desired JSON, --reported JSON or --document FILE", ExitCodes.Usage);
        var request = new JsonObject { ["state"] = state };
        if (context.Get(Version) is { } version)
            request["version"] = version;
        return request.ToJsonString();
    }

    private static JsonNode? Parse(string name, string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException ex)
        {
            throw new CommandFailedException($"--{name} is not JSON (line {ex.LineNumber + 1}, column {ex.BytePositionInLine + 1}): quote it, as in --{name} '{{\"on\":true}}'", ExitCodes.Usage, ex);
        }
    }
}
