using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <summary>Those who watch one rule. While nobody does it costs a look at an empty list.</summary>
internal sealed class RuleTracer
{
    private const int Waiting = 256;
    private readonly Lock _gate = new(); // guards the exchange of the list
    private volatile Channel<RuleTraceEntry>[] _watchers = [];

    public bool IsWatched => _watchers.Length > 0;

    public void Show(RuleTraceEntry entry)
    {
        foreach (var watcher in _watchers)
            watcher.Writer.TryWrite(entry);
    }

    /// <summary>Begins at once, before the first element is asked for.</summary>
    public IAsyncEnumerable<RuleTraceEntry> Watch(CancellationToken cancellationToken)
    {
        // Full: the newest is left out; a rule never waits for those who look at it.
        var channel = Channel.CreateBounded<RuleTraceEntry>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
        lock (_gate)
            _watchers = [.. _watchers, channel];
        return ReadAsync(channel, cancellationToken);
    }

    /// <summary>Ends all watching: the rule is gone.</summary>
    public void Complete()
    {
        foreach (var watcher in _watchers)
            watcher.Writer.TryComplete();
    }

    /// <param name="asked">What the evaluation itself asked; null where there was none, as with recorded messages.</param>
    public static RuleTraceEntry Explain(SqlStatement statement, SqlContext context, SqlMessage message, TimeSpan elapsed, RememberedLookups? asked = null)
    {
        var explained = statement.Explain(message, context with { Lookups = new DryRunLookups(asked ?? context.Lookups, asked) });
        return Entry(message, explained.Result, explained.WhyNot, elapsed) with { Notes = explained.Notes };
    }

    public static RuleTraceEntry Entry(SqlMessage message, SqlResult result, string? whyNot, TimeSpan elapsed)
    {
        var output = result as SqlResult.Output;
        var failure = (result as SqlResult.Failed)?.Failure;
        var isJson = message.Body.Kind is SqlPayloadKind.Object or SqlPayloadKind.Array or SqlPayloadKind.Scalar;
        return new(
            DateTimeOffset.FromUnixTimeMilliseconds(message.Timestamp),
            message.Topic,
            message.ClientId,
            output is not null,
            whyNot,
            Text(message.Payload, isJson),
            isJson,
            output is null ? null : Text(output.Payload, output.IsJson),
            output?.IsJson == true,
            failure is null ? null : $"{failure.Function}: {failure.Message}",
            [],
            elapsed);
    }

    private static string Text(ReadOnlyMemory<byte> bytes, bool isJson) => isJson ? Encoding.UTF8.GetString(bytes.Span) : Convert.ToBase64String(bytes.Span);

    private async IAsyncEnumerable<RuleTraceEntry> ReadAsync(Channel<RuleTraceEntry> channel, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var entry in channel.Reader.ReadAllAsync(cancellationToken))
                yield return entry;
        }
        finally
        {
            lock (_gate)
                _watchers = [.. _watchers.Where(watcher => watcher != channel)];
        }
    }
}
