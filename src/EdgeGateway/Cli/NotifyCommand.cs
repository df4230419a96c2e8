using System.CommandLine;
using System.Text.Json;
using EdgeGateway.Api;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway notify</c>: who is told what rules publish with <c>sns</c>.</summary>
internal static class NotifyCommand
{
    private const string Path = "edge/v1/subscriptions";

    public static Command Create(GlobalOptions globals) => new("notify", "Who is told what rules publish with sns")
    {
        new Command("list", "All subscriptions").Runs(globals, static (context, cancellationToken) => context.ListAsync(
            Path, cancellationToken, ("ID", Cell.Of("id")), ("TOPIC", Cell.Of("topic")), ("PROTOCOL", Cell.Of("protocol")), ("ENDPOINT", Cell.Of("endpoint")))),
        Subscribe(globals),
        Unsubscribe(globals),
    };

    private static Command Subscribe(GlobalOptions globals)
    {
        var topic = new Argument<string>("topic") { Description = "Topic of sns, the last part of targetArn" };
        var protocol = new Argument<string>("protocol") { Description = "http, https, mqtt or lambda" };
        var endpoint = new Argument<string>("endpoint") { Description = "Address, MQTT topic or name of a function" };
        return new Command("subscribe", "Tell somebody") { topic, protocol, endpoint }.Runs(globals, async (context, cancellationToken) =>
        {
            var wanted = new SubscriptionRequest(context.Get(topic), context.Get(protocol), context.Get(endpoint));
            await context.Gateway.PostAsync(Path, JsonSerializer.Serialize(wanted, ApiJson.Default.SubscriptionRequest), cancellationToken);
            context.Done($"{wanted.Endpoint} is told of {wanted.Topic}");
        });
    }

    private static Command Unsubscribe(GlobalOptions globals)
    {
        var id = new Argument<long>("id") { Description = "As list prints it" };
        return new Command("unsubscribe", "Tell somebody no longer") { id }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync($"{Path}/{context.Get(id).ToString(System.Globalization.CultureInfo.InvariantCulture)}", cancellationToken);
            context.Done("unsubscribed");
        });
    }
}
