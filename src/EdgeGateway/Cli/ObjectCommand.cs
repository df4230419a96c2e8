using System.CommandLine;

namespace EdgeGateway.Cli;

/// <summary><c>edgegateway object</c>: what rules wrote with <c>s3</c> and <c>firehose</c>.</summary>
internal static class ObjectCommand
{
    private const string Path = "edge/v1/objects";

    public static Command Create(GlobalOptions globals) => new("object", "Objects that rules wrote") { List(globals), Get(globals), Remove(globals) };

    private static string Of(string bucket, string key) => $"{Path}/{Uri.EscapeDataString(bucket)}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}";

    private static Command List(GlobalOptions globals)
    {
        var bucket = new Argument<string?>("bucket") { Description = "Bucket; without one: the buckets", Arity = ArgumentArity.ZeroOrOne };
        var prefix = new Option<string>("--prefix") { Description = "Keys that begin with TEXT", HelpName = "TEXT" };
        return new Command("list", "Buckets, or the objects of one") { bucket, prefix }.Runs(globals, async (context, cancellationToken) =>
        {
            if (context.Get(bucket) is { } name)
                await context.ListAsync($"{Path}/{Uri.EscapeDataString(name)}".With(("prefix", context.Get(prefix))), cancellationToken, ("KEY", Cell.Of("key")), ("BYTES", Cell.Of("bytes")), ("MODIFIED", Cell.Of("modifiedAt")));
            else
                await context.LinesAsync(Path, static row => row.GetString()!, cancellationToken);
        });
    }

    private static Command Get(GlobalOptions globals)
    {
        var (bucket, key) = (new Argument<string>("bucket"), new Argument<string>("key"));
        var file = new Option<string>("--out") { Description = "Write to FILE instead of standard output", HelpName = "FILE" };
        return new Command("get", "The content of an object") { bucket, key, file }.Runs(globals, async (context, cancellationToken) =>
        {
            await using Stream stream = context.Get(file) is { } target ? File.Create(target) : new MemoryStream();
            await context.Gateway.DownloadAsync(Of(context.Get(bucket), context.Get(key)), stream, cancellationToken);
            if (stream is MemoryStream memory)
                context.Output.Line(System.Text.Encoding.UTF8.GetString(memory.GetBuffer(), 0, (int)memory.Length).TrimEnd('\r', '\n'));
        });
    }

    private static Command Remove(GlobalOptions globals)
    {
        var (bucket, key) = (new Argument<string>("bucket"), new Argument<string>("key"));
        return new Command("remove", "Remove an object") { bucket, key }.Runs(globals, async (context, cancellationToken) =>
        {
            await context.Gateway.DeleteAsync(Of(context.Get(bucket), context.Get(key)), cancellationToken);
            context.Done($"removed {context.Get(bucket)}/{context.Get(key)}");
        });
    }
}
