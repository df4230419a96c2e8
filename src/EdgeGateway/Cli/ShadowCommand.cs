using System.CommandLine;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway shadow …</c>: documents of things, classic and named.</summary>
internal static class ShadowCommand
{
    private static readonly Argument<string> Thing = new("THING") { Description = "Name of the thing; it need not be registered" };
    private static readonly Option<string> Name = new("--name") { Description = "A named shadow; default: the classic one", HelpName = "N" };

    public static Command Create(GlobalOptions globals) => new("shadow", "Read and change the shadows of things, and see them change")
    {
        Of("get", "Print a shadow's document").Runs(globals, GetAsync),
        ShadowUpdateCommand.Create(globals, Of("update", "Change the desired or reported state of a shadow")),
        Of("delete", "Delete a shadow").Runs(globals, DeleteAsync),
        List(globals),
        Of("watch", "Print a shadow now and each time it changes").Runs(globals, WatchAsync),
        History(globals),
    };

    /// <summary>Of the shadow the command line names, below <c>edge/v1/shadows/</c>.</summary>
    /// <param name="part">Such as <c>/history</c>; empty for the document.</param>
    internal static string Path(CommandContext context, string part = "", string query = "")
    {
        var name = context.Get(Name) is { } shadow ? $"name={Uri.EscapeDataString(shadow)}" : "";
        var all = string.Join('&', new[] { name, query }.Where(static text => text.Length > 0));
        return $"edge/v1/shadows/{Uri.EscapeDataString(context.Get(Thing))}{part}{(all.Length > 0 ? $"?{all}" : "")}";
    }

    private static Command Of(string verb, string description) => new(verb, description) { Thing, Name };

    private static async Task GetAsync(CommandContext context, CancellationToken cancellationToken) =>
        context.Output.Json(await context.Gateway.GetAsync(Path(context), cancellationToken));

    private static async Task DeleteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var deleted = await context.Gateway.DeleteAsync(Path(context), cancellationToken);
        if (context.Json)
            context.Output.Json(deleted);
        else
            context.Output.Line($"deleted at version {Cell.Text(deleted, "version")}");
    }

    private static Command List(GlobalOptions globals)
    {
        var thing = new Argument<string?>("THING") { Description = "Shadows of this thing; default: of all", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = static _ => null };
        return new Command("list", "List shadows, classic and named") { thing }.Runs(globals, async (context, cancellationToken) =>
        {
            var query = context.Get(thing) is { } name ? $"?thing={Uri.EscapeDataString(name)}" : "";
            var shadows = await context.Gateway.GetAsync($"edge/v1/shadows{query}", cancellationToken);
            if (context.Json)
                context.Output.Json(shadows);
            else
                context.Output.Table(shadows, ("THING", Cell.Of("thing")), ("SHADOW", ShadowName), ("VERSION", Cell.Of("version")), ("BYTES", Cell.Of("bytes")), ("CHANGED", Cell.Of("changedAt")));
        });
    }

    private static async Task WatchAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await foreach (var line in context.Gateway.LinesAsync(Path(context, "/watch"), cancellationToken))
        {
            using var version = JsonDocument.Parse(line);
            context.Output.Line(context.Json ? line : Line(version.RootElement));
        }
    }

    private static Command History(GlobalOptions globals)
    {
        var keep = new Option<int?>("--keep") { Description = "Keep so many versions from now on; 0 drops them", HelpName = "COUNT" };
        var limit = new Option<int>("--limit") { Description = "Print at most so many, newest first", HelpName = "COUNT", DefaultValueFactory = static _ => 20 };
        var command = Of("history", "Print former versions of a shadow, or say how many to keep");
        command.Add(keep);
        command.Add(limit);
        return command.Runs(globals, async (context, cancellationToken) =>
        {
            var history = context.Get(keep) is { } entries
                ? await context.Gateway.PutAsync(Path(context, "/history", $"entries={entries}"), "{}", cancellationToken)
                : await context.Gateway.GetAsync(Path(context, "/history", $"limit={context.Get(limit)}"), cancellationToken);
            Print(context, history);
        });
    }

    private static void Print(CommandContext context, JsonElement history)
    {
        if (context.Json)
        {
            context.Output.Json(history.GetProperty("versions"));
            return;
        }
        foreach (var version in history.GetProperty("versions").EnumerateArray())
            context.Output.Line(Line(version));
        var kept = history.GetProperty("keep").GetInt32();
        context.Output.Line(kept == 0 ? "no versions are kept: --keep COUNT begins a history" : $"the last {kept} versions are kept");
    }

    private static string Line(JsonElement version)
    {
        var head = $"{Cell.Text(version, "changedAt")}  version {Cell.Text(version, "version")}";
        if (version.GetProperty("deleted").GetBoolean())
            return $"{head}  deleted";
        var delta = version.TryGetProperty("delta", out var difference) ? $"  delta {difference.GetRawText()}" : "";
        return $"{head}  {version.GetProperty("state").GetRawText()}{delta}";
    }

    private static string ShadowName(JsonElement shadow) => shadow.GetProperty("name").GetString() ?? "(classic)";
}
