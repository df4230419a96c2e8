using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway sync …</c>: how shadows stand towards the upstreams, and what was given up.</summary>
internal static class SyncCommand
{
    public static Command Create(GlobalOptions globals) => new("sync", "Shadows kept alike with upstreams: how they stand, what was given up, and how to have it back")
    {
        new Command("status", "How many shadows are in sync, pending, in conflict, parked").Runs(globals, StatusAsync),
        Shadows(globals),
        new Command("now", "Connect now, and compare every shadow with its upstream again").Runs(globals, NowAsync),
        Journal(globals),
        Restore(globals),
        Registry(globals),
        RegistryJournal(globals),
        Settle(globals),
    };

    private static async Task StatusAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var upstreams = await context.Gateway.GetAsync("edge/v1/sync/upstreams", cancellationToken);
        if (context.Json)
        {
            context.Output.Json(upstreams);
            return;
        }
        var registries = await context.Gateway.GetAsync("edge/v1/sync/registry/upstreams", cancellationToken);
        if (upstreams.GetArrayLength() == 0)
            context.Output.Line("no upstream keeps shadows: give one 'shadows: [ { things: \"*\" } ]' in the configuration");
        else
            context.Output.Table(
                upstreams, ("UPSTREAM", Cell.Of("upstream")), ("WAITING", Cell.Of("waiting")), ("IN SYNC", Cell.Of("inSync")), ("PENDING", Cell.Of("pending")),
                ("CONFLICT", Cell.Of("conflict")), ("PARKED", Cell.Of("parked")), ("FAULT", Cell.Of("fault")));
        if (registries.GetArrayLength() > 0)
            context.Output.Table(
                registries, ("REGISTRY OF", Cell.Of("upstream")), ("WAITING", Cell.Of("waiting")), ("IN SYNC", Cell.Of("inSync")),
                ("CONFLICT", Cell.Of("conflict")), ("PARKED", Cell.Of("parked")), ("FAULT", Cell.Of("fault")));
    }

    private static Command Registry(GlobalOptions globals)
    {
        var state = new Option<string>("--state") { Description = "Only those insync, conflict or parked", HelpName = "STATE" };
        return new Command("registry", "Each thing, type and group, how it stands, and since when") { state }.Runs(globals, async (context, cancellationToken) =>
        {
            var query = context.Get(state) is { } word ? $"?state={Uri.EscapeDataString(word)}" : "";
            var entries = await context.Gateway.GetAsync($"edge/v1/sync/registry{query}", cancellationToken);
            if (context.Json)
                context.Output.Json(entries);
            else
                context.Output.Table(
                    entries, ("UPSTREAM", Cell.Of("upstream")), ("KIND", Cell.Of("kind")), ("NAME", Cell.Of("name")), ("STATE", Cell.Of("state")), ("SINCE", Cell.Of("since")), ("REASON", Cell.Of("reason")));
        });
    }

    private static Command RegistryJournal(GlobalOptions globals)
    {
        var limit = new Option<int>("--limit") { Description = "At most so many, newest first", HelpName = "COUNT", DefaultValueFactory = static _ => 50 };
        return new Command("registry-journal", "Values of the registry given up where both sides had changed one") { limit }.Runs(globals, async (context, cancellationToken) =>
        {
            var entries = await context.Gateway.GetAsync(string.Create(CultureInfo.InvariantCulture, $"edge/v1/sync/registry/journal?limit={context.Get(limit)}"), cancellationToken);
            if (context.Json)
                context.Output.Json(entries);
            else
                context.Output.Table(
                    entries, ("TIME", Cell.Of("time")), ("UPSTREAM", Cell.Of("upstream")), ("KIND", Cell.Of("kind")), ("NAME", Cell.Of("name")), ("PATH", Cell.Of("path")),
                    ("HERE", Cell.Of("local")), ("THERE", Cell.Of("cloud")), ("KEPT", Cell.Of("kept")));
        });
    }

    private static Command Settle(GlobalOptions globals)
    {
        var upstream = new Argument<string>("UPSTREAM") { Description = "Name of the upstream" };
        var kind = new Argument<string>("KIND") { Description = "type, group or thing" };
        var name = new Argument<string>("NAME") { Description = "Of the entry, as 'sync registry' prints it" };
        var keep = new Argument<string>("KEEP") { Description = "here or there: what that side has stands, also that it has nothing" };
        return new Command("settle", "Let one side have its way about an entry in conflict, or deleted on one side") { upstream, kind, name, keep }.Runs(globals, async (context, cancellationToken) =>
        {
            var body = new System.Text.Json.Nodes.JsonObject { ["upstream"] = context.Get(upstream), ["kind"] = context.Get(kind), ["name"] = context.Get(name), ["keep"] = context.Get(keep) };
            var entry = await context.Gateway.PostAsync("edge/v1/sync/registry/settle", body.ToJsonString(), cancellationToken);
            if (context.Json)
                context.Output.Json(entry);
            else
                context.Output.Line(Cell.Text(entry, "state") is { Length: > 0 } state ? $"{context.Get(kind)} {context.Get(name)}: {state}" : "done");
        });
    }

    private static Command Shadows(GlobalOptions globals)
    {
        var state = new Option<string>("--state") { Description = "Only those insync, pending, conflict or parked", HelpName = "STATE" };
        return new Command("shadows", "Each shadow, how it stands, and since when") { state }.Runs(globals, async (context, cancellationToken) =>
        {
            var query = context.Get(state) is { } word ? $"?state={Uri.EscapeDataString(word)}" : "";
            var shadows = await context.Gateway.GetAsync($"edge/v1/sync/shadows{query}", cancellationToken);
            if (context.Json)
                context.Output.Json(shadows);
            else
                context.Output.Table(
                    shadows, ("UPSTREAM", Cell.Of("upstream")), ("THING", Cell.Of("thing")), ("SHADOW", Cell.Of("name")), ("STATE", Cell.Of("state")), ("SINCE", Cell.Of("since")), ("REASON", Cell.Of("reason")));
        });
    }

    private static async Task NowAsync(CommandContext context, CancellationToken cancellationToken)
    {
        await context.Gateway.PostAsync("edge/v1/sync/now", "{}", cancellationToken);
        if (context.Json)
            context.Output.Json(JsonDocument.Parse("{}").RootElement);
        else
            context.Output.Line("under way; 'edgegateway sync status' shows how far");
    }

    private static Command Journal(GlobalOptions globals)
    {
        var thing = new Option<string>("--thing") { Description = "Only of this thing's shadow", HelpName = "THING" };
        var name = new Option<string>("--name") { Description = "With --thing: the named shadow; default: the classic one", HelpName = "N" };
        var limit = new Option<int>("--limit") { Description = "At most so many, newest first", HelpName = "COUNT", DefaultValueFactory = static _ => 50 };
        return new Command("journal", "Values given up where both sides had changed one") { thing, name, limit }.Runs(globals, async (context, cancellationToken) =>
        {
            var query = string.Create(CultureInfo.InvariantCulture, $"limit={context.Get(limit)}");
            if (context.Get(thing) is { } chosen)
                query += $"&thing={Uri.EscapeDataString(chosen)}&name={Uri.EscapeDataString(context.Get(name) ?? "")}";
            var entries = await context.Gateway.GetAsync($"edge/v1/sync/journal?{query}", cancellationToken);
            if (context.Json)
                context.Output.Json(entries);
            else
                context.Output.Table(
                    entries, ("ID", Cell.Of("id")), ("TIME", Cell.Of("time")), ("UPSTREAM", Cell.Of("upstream")), ("THING", Cell.Of("thing")), ("SHADOW", Cell.Of("name")), ("PATH", Cell.Of("path")),
                    ("HERE", Cell.Of("local")), ("THERE", Cell.Of("cloud")), ("KEPT", Cell.Of("kept")), ("RULE", Cell.Of("rule")));
        });
    }

    private static Command Restore(GlobalOptions globals)
    {
        var id = new Argument<long>("ID") { Description = "Of the entry, as 'sync journal' prints it" };
        return new Command("restore", "Put a value that was given up back") { id }.Runs(globals, async (context, cancellationToken) =>
        {
            var accepted = await context.Gateway.PostAsync(string.Create(CultureInfo.InvariantCulture, $"edge/v1/sync/journal/{context.Get(id)}/restore"), "{}", cancellationToken);
            if (context.Json)
                context.Output.Json(accepted);
            else
                context.Output.Line($"version {Cell.Text(accepted, "version")}");
        });
    }
}
