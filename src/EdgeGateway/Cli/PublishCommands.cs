using System.CommandLine;
using System.Text;
using System.Text.Json;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway pub</c> and <c>sub</c>: messages through the local socket, for a person at the shell.</summary>
internal static class PublishCommands
{
    public static Command CreatePublish(GlobalOptions globals)
    {
        var topic = new Argument<string>("TOPIC") { Description = "Topic name" };
        var payload = new Argument<string>("PAYLOAD") { Description = "The message; '-' reads it from stdin" };
        var qos = new Option<int>("--qos", "-q") { Description = "Quality of service: 0, 1 or 2", DefaultValueFactory = static _ => 1 };
        var retain = new Option<bool>("--retain", "-r") { Description = "Keep it as the topic's retained message" };
        return new Command("pub", "Publish one message") { topic, payload, qos, retain }.Runs(globals, async (context, cancellationToken) =>
        {
            var text = context.Get(payload);
            var bytes = text == "-" ? await ReadInputAsync(cancellationToken) : Encoding.UTF8.GetBytes(text);
            var answer = await context.Gateway.PostBytesAsync($"edge/v1/publish?topic={Uri.EscapeDataString(context.Get(topic))}&qos={context.Get(qos)}&retain={(context.Get(retain) ? "true" : "false")}", bytes, cancellationToken);
            if (context.Json)
                context.Output.Json(answer);
            else if (!answer.GetProperty("delivered").GetBoolean())
                context.Output.Line("published; nobody subscribes to this topic now");
        });
    }

    public static Command CreateSubscribe(GlobalOptions globals)
    {
        var filter = new Argument<string>("FILTER") { Description = "Topic filter, such as 'sensors/#'" };
        var count = new Option<int>("--count", "-C") { Description = "End after so many messages", HelpName = "N" };
        return new Command("sub", "Print messages as they come, 'TOPIC PAYLOAD' a line, until Ctrl-C") { filter, count }.Runs(globals, async (context, cancellationToken) =>
        {
            var left = context.Has(count) ? context.Get(count) : int.MaxValue;
            await foreach (var line in context.Gateway.LinesAsync($"edge/v1/messages?filter={Uri.EscapeDataString(context.Get(filter))}", cancellationToken))
            {
                if (!Print(context, line))
                    continue;
                if (--left <= 0)
                    return;
            }
        });
    }

    // False: the line tells of a gap and is no message.
    private static bool Print(CommandContext context, string line)
    {
        using var document = JsonDocument.Parse(line);
        var message = document.RootElement;
        if (message.TryGetProperty("missed", out var missed))
        {
            context.Error.WriteLine($"edgegateway: {missed.GetInt64()} messages came faster than they could be printed and were left out");
            return false;
        }
        if (context.Json)
            context.Output.Line(line);
        else
            context.Output.Line($"{message.GetProperty("topic").GetString()} {(message.TryGetProperty("payload", out var text) ? text.GetString() : $"(base64) {message.GetProperty("payloadBase64").GetString()}")}");
        return true;
    }

    private static async Task<byte[]> ReadInputAsync(CancellationToken cancellationToken)
    {
        await using var input = Console.OpenStandardInput();
        using var payload = new MemoryStream();
        await input.CopyToAsync(payload, cancellationToken);
        return payload.ToArray();
    }
}
