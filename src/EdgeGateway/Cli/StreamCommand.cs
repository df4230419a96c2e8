using System.CommandLine;
using System.Text.Json;
using EdgeGateway.Api;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway stream</c>: streams that rules write with <c>kinesis</c>.</summary>
internal static class StreamCommand
{
    private const string Path = "edge/v1/streams";

    public static Command Create(GlobalOptions globals) => new("stream", "Streams that rules write")
    {
        new Command("list", "All streams").Runs(globals, static (context, cancellationToken) => context.ListAsync(
            Path, cancellationToken, ("STREAM", Cell.Of("name")), ("PARTITIONS", Cell.Of("partitions")), ("BYTES", Cell.Of("bytes")), ("RETENTION s", Cell.Of("retentionSeconds")), ("CONSUMERS", Cell.Of("consumers")))),
        Put(globals),
        Read(globals),
        Commit(globals),
        Delete(globals),
    };

    private static Argument<string> Name() => new("name") { Description = "Name of the stream" };

    private static Command Put(GlobalOptions globals)
    {
        var name = Name();
        var partitions = new Option<int?>("--partitions") { Description = "Partitions (4)", HelpName = "N" };
        var retention = new Option<double?>("--retention") { Description = "Seconds records are kept (a day)", HelpName = "SECONDS" };
        var bytes = new Option<long?>("--max-bytes") { Description = "Bytes that are kept (64 MB)", HelpName = "BYTES" };
        return new Command("create", "Make a stream, or change its settings") { name, partitions, retention, bytes }.Runs(globals, async (context, cancellationToken) =>
        {
            var wanted = new StreamRequest(context.Get(partitions), context.Get(retention), context.Get(bytes));
            var made = await context.Gateway.PutAsync($"{Path}/{Uri.EscapeDataString(context.Get(name))}", JsonSerializer.Serialize(wanted, ApiJson.Default.StreamRequest), cancellationToken);
            context.Done($"created {context.Get(name)}", made);
        });
    }

    private static Command Read(GlobalOptions globals)
    {
        var name = Name();
        var after = new Option<long?>("--after") { Description = "Records behind this sequence", HelpName = "SEQUENCE" };
        var since = new Option<string>("--since") { Description = "Records from this time on, such as 2026-11-26T06:00:00Z", HelpName = "TIME" };
        var consumer = new Option<string>("--consumer") { Description = "Records behind this consumer's checkpoint", HelpName = "NAME" };
        var partition = new Option<int?>("--partition") { Description = "Of this partition", HelpName = "N" };
        var limit = new Option<int>("--limit") { Description = "At most N (100)", HelpName = "N", DefaultValueFactory = static _ => 100 };
        return new Command("read", "Records: sequence, key and data, one a line") { name, after, since, consumer, partition, limit }.Runs(globals, (context, cancellationToken) => context.LinesAsync(
            $"{Path}/{Uri.EscapeDataString(context.Get(name))}/records".With(
                ("after", context.Get(after)), ("since", context.Get(since)), ("consumer", context.Get(consumer)), ("partition", context.Get(partition)), ("limit", context.Get(limit))),
            static row => $"{Cell.Text(row, "sequence")} {Cell.Text(row, "partitionKey")} {(row.Has("text") ? row.GetProperty("text").GetString() : row.GetProperty("base64").GetString())}",
            cancellationToken));
    }

    private static Command Commit(GlobalOptions globals)
    {
        var name = Name();
        var (consumer, sequence) = (new Argument<string>("consumer") { Description = "Name of the consumer" }, new Argument<long>("sequence") { Description = "Through which record it is done" });
        return new Command("commit", "Set a consumer's checkpoint") { name, consumer, sequence }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.PostAsync($"{Path}/{Uri.EscapeDataString(context.Get(name))}/consumers/{Uri.EscapeDataString(context.Get(consumer))}".With(("sequence", context.Get(sequence))), "{}", cancellationToken);
            context.Done($"{context.Get(consumer)} is at {context.Get(sequence)}");
        });
    }

    private static Command Delete(GlobalOptions globals)
    {
        var name = Name();
        return new Command("delete", "Remove a stream with all its records") { name }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync($"{Path}/{Uri.EscapeDataString(context.Get(name))}", cancellationToken);
            context.Done($"deleted {context.Get(name)}");
        });
    }
}
