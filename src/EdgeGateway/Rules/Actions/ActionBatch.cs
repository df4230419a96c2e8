using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>
/// `batch` of an action: outgoing payloads gathered into one list, which goes when there are `count` of them or `lingerMs` after the first. What becomes of it
/// becomes of each; templates see the message of the last.
/// </summary>
internal sealed class ActionBatch(int count, TimeSpan linger, TimeProvider time)
{
    private readonly Lock _gate = new(); // guards the batch under way
    private Batch? _open;

    private sealed class Batch
    {
        public List<SqlValue> Parts { get; } = [];
        public TaskCompletionSource<RuleActionFailure?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public required Func<SqlValue, RuleFiring, ValueTask<RuleActionFailure?>> Execute { get; init; }
        public required RuleFiring Last { get; set; }
        public ITimer? Timer { get; set; }
    }

    public static ActionBatch? Read(ActionParameters parameters, TimeProvider time)
    {
        if (parameters.Section("batch") is not { } section)
            return null;
        var read = new ActionBatch(section.Int32("count", 10, 2, 200), TimeSpan.FromMilliseconds(section.Int32("lingerMs", 1000, 1, 60_000)), time);
        section.End();
        return read;
    }

    public async ValueTask<RuleActionFailure?> JoinAsync(SqlValue part, Func<SqlValue, RuleFiring, ValueTask<RuleActionFailure?>> execute, RuleFiring firing, CancellationToken cancellationToken)
    {
        Batch batch;
        Batch? full = null;
        lock (_gate)
        {
            if (_open is null)
            {
                var begun = _open = new Batch { Execute = execute, Last = firing };
                begun.Timer = time.CreateTimer(_ => TimeIsUp(begun), null, linger, Timeout.InfiniteTimeSpan);
            }
            batch = _open;
            batch.Parts.Add(part);
            batch.Last = firing;
            if (batch.Parts.Count >= count)
                (full, _open) = (batch, null);
        }
        if (full is not null)
            await ExecuteAsync(full);
        return await batch.Done.Task.WaitAsync(cancellationToken);
    }

    private void TimeIsUp(Batch batch)
    {
        lock (_gate)
        {
            if (_open != batch)
                return; // full meanwhile
            _open = null;
        }
        _ = ExecuteAsync(batch);
    }

    private static async Task ExecuteAsync(Batch batch)
    {
        batch.Timer?.Dispose();
        try
        {
            batch.Done.SetResult(await batch.Execute(SqlValue.Array(batch.Parts), batch.Last));
        }
#pragma warning disable CA1031 // it belongs to those who wait for the batch
        catch (Exception ex)
#pragma warning restore CA1031
        {
            batch.Done.SetException(ex);
        }
    }
}
