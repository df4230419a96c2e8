using System.CommandLine;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway upstream …</c>: where messages go upward, and what an upstream would not take.</summary>
internal static class UpstreamCommand
{
    private const string Path = "edge/v1/upstreams";

    public static Command Create(GlobalOptions globals) => new("upstream", "Where messages go upward: how each fares, what it would not take")
    {
        new Command("list", "Every upstream: connection, backlog, last error").Runs(globals, ListAsync),
        Parked(globals),
        Connect(globals),
    };

    private static async Task ListAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var upstreams = await context.Gateway.GetAsync(Path, cancellationToken);
        if (context.Json)
            context.Output.Json(upstreams);
        else if (upstreams.GetArrayLength() == 0)
            context.Output.Line("no upstream: give one under 'upstream' in the configuration");
        else
            foreach (var upstream in upstreams.EnumerateArray())
                context.Output.Facts([.. UpstreamFacts.Of(upstream)]);
    }

    private static Command Parked(GlobalOptions globals)
    {
        var name = new Argument<string>("NAME") { Description = "Of the upstream" };
        var limit = new Option<int>("--limit") { Description = "The newest N (50)", HelpName = "N", DefaultValueFactory = static _ => 50 };
        return new Command("parked", "Messages an upstream would not take, with its reason") { name, limit }.Runs(globals, async (context, cancellationToken) =>
        {
            var parked = await context.Gateway.GetAsync(
                $"{Path}/{Uri.EscapeDataString(context.Get(name)!)}/parked?limit={context.Get(limit).ToString(System.Globalization.CultureInfo.InvariantCulture)}", cancellationToken);
            if (context.Json)
                context.Output.Json(parked);
            else
                context.Output.Table(parked, ("TOPIC", Cell.Of("topic")), ("REASON", Cell.Of("reason")));
        });
    }

    private static Command Connect(GlobalOptions globals)
    {
        var name = new Argument<string>("NAME") { Description = "Of the upstream" };
        return new Command("connect", "Try now instead of after the pause") { name }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.PostAsync($"{Path}/{Uri.EscapeDataString(context.Get(name)!)}/connect", "{}", cancellationToken);
            if (context.Json)
                context.Output.Json(JsonDocument.Parse("{}").RootElement);
            else
                context.Output.Line("under way; 'edgegateway upstream list' shows what comes of it");
        });
    }
}
