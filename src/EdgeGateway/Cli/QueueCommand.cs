using System.CommandLine;
using System.Text.Json;
using EdgeGateway.Api;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway queue</c>: queues that rules fill with <c>sqs</c>.</summary>
internal static class QueueCommand
{
    private const string Path = "edge/v1/queues";

    public static Command Create(GlobalOptions globals) => new("queue", "Queues that rules fill")
    {
        new Command("list", "All queues").Runs(globals, static (context, cancellationToken) => context.ListAsync(
            Path, cancellationToken, ("QUEUE", Cell.Of("name")), ("WAITING", Cell.Of("waiting")), ("HIDDEN", Cell.Of("hidden")), ("DEAD LETTERS", Cell.Of("deadLetters")), ("VISIBILITY s", Cell.Of("visibilitySeconds")),
            ("MAX RECEIVES", Cell.Of("maxReceives")))),
        Put(globals),
        Receive(globals),
        Acknowledge(globals),
        Named(globals, "dead-letters", "Messages that were received too often", static (context, path, token) => context.LinesAsync($"{path}/dead-letters", Line, token)),
        Named(globals, "redrive", "Put the dead letters back", static async (context, path, token) =>
        {
            var answer = await context.Gateway.PostAsync($"{path}/redrive", "{}", token);
            context.Done($"{Cell.Text(answer, "count")} put back", answer);
        }),
        Named(globals, "delete", "Remove a queue with all its messages", static async (context, path, token) =>
        {
            await context.Gateway.DeleteAsync(path, token);
            context.Done("deleted");
        }),
    };

    private static string Line(JsonElement row) => $"{Cell.Text(row, "receipt")} {row.GetProperty("body").GetString()}";

    private static Command Named(GlobalOptions globals, string word, string description, Func<CommandContext, string, CancellationToken, Task> run)
    {
        var name = new Argument<string>("name") { Description = "Name of the queue" };
        return new Command(word, description) { name }.Runs(globals, (context, cancellationToken) => run(context, $"{Path}/{Uri.EscapeDataString(context.Get(name))}", cancellationToken));
    }

    private static Command Put(GlobalOptions globals)
    {
        var name = new Argument<string>("name") { Description = "Name of the queue" };
        var visibility = new Option<double?>("--visibility") { Description = "Seconds a received message is hidden from others (30)", HelpName = "SECONDS" };
        var delay = new Option<double?>("--delay") { Description = "Seconds a new message is hidden (0)", HelpName = "SECONDS" };
        var most = new Option<int?>("--max-receives") { Description = "Received that often and not deleted: a dead letter (0: never)", HelpName = "N" };
        var retention = new Option<double?>("--retention") { Description = "Seconds after which a message goes (4 days)", HelpName = "SECONDS" };
        return new Command("create", "Make a queue, or change its settings") { name, visibility, delay, most, retention }.Runs(globals, async (context, cancellationToken) =>
        {
            var wanted = new QueueRequest(context.Get(visibility), context.Get(delay), context.Get(most), context.Get(retention));
            var made = await context.Gateway.PutAsync($"{Path}/{Uri.EscapeDataString(context.Get(name))}", JsonSerializer.Serialize(wanted, ApiJson.Default.QueueRequest), cancellationToken);
            context.Done($"created {context.Get(name)}", made);
        });
    }

    private static Command Receive(GlobalOptions globals)
    {
        var name = new Argument<string>("name") { Description = "Name of the queue" };
        var limit = new Option<int>("--limit") { Description = "At most N, 1 to 10 (1)", HelpName = "N", DefaultValueFactory = static _ => 1 };
        var visibility = new Option<double?>("--visibility") { Description = "Seconds they are hidden from others", HelpName = "SECONDS" };
        return new Command("receive", "Take messages: receipt and body, one a line; they come back unless they are deleted") { name, limit, visibility }.Runs(globals, async (context, cancellationToken) =>
        {
            var path = $"{Path}/{Uri.EscapeDataString(context.Get(name))}/receive".With(("limit", context.Get(limit)), ("visibilitySeconds", context.Get(visibility)));
            var messages = await context.Gateway.PostAsync(path, "{}", cancellationToken);
            if (context.Json)
                context.Output.Json(messages);
            else
                foreach (var message in messages.EnumerateArray())
                    context.Output.Line(Line(message));
        });
    }

    private static Command Acknowledge(GlobalOptions globals)
    {
        var (name, receipt) = (new Argument<string>("name") { Description = "Name of the queue" }, new Argument<string>("receipt") { Description = "As receive printed it" });
        return new Command("done", "Delete a message that was received") { name, receipt }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync($"{Path}/{Uri.EscapeDataString(context.Get(name))}/messages/{Uri.EscapeDataString(context.Get(receipt))}", cancellationToken);
            context.Done("deleted");
        });
    }
}
