using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway tap FILTER</c>: what passes by, a bounded number a second.</summary>
internal static class TapCommand
{
    public static Command Create(GlobalOptions globals)
    {
        var filter = new Argument<string>("FILTER") { Description = "Topic filter such as sensors/#" };
        var rate = new Option<int>("--rate") { Description = "Messages a second at most; the rest is counted", DefaultValueFactory = static _ => 100 };
        return new Command("tap", "Watch the messages that pass a filter, with where they come from") { filter, rate }.Runs(globals, async (context, cancellationToken) =>
        {
            var path = $"edge/v1/tap?filter={Uri.EscapeDataString(context.Get(filter))}&rate={context.Get(rate)}";
            await foreach (var line in context.Gateway.LinesAsync(path, cancellationToken))
                context.Output.Line(context.Json ? line : Text(line));
        });
    }

    private static string Text(string line)
    {
        using var document = JsonDocument.Parse(line);
        var message = document.RootElement;
        var at = DateTimeOffset.FromUnixTimeMilliseconds(message.GetProperty("timestamp").GetInt64()).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var payload = message.TryGetProperty("payload", out var text) ? text.GetString()!.ReplaceLineEndings(" ") : $"base64:{Cell.Text(message, "payloadBase64")}";
        var skipped = message.TryGetProperty("skippedBefore", out var count) ? $"  ({count} not shown before this)" : "";
        var from = message.TryGetProperty("clientId", out var client) ? client.GetString() : Cell.Text(message, "origin");
        return $"{at} {from} {Cell.Text(message, "topic")} q{Cell.Text(message, "qos")}{(message.GetProperty("retain").GetBoolean() ? " retain" : "")} {payload}{skipped}";
    }
}
