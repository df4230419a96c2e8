using EdgeGateway.Storage.Log;

namespace EdgeGateway.Rules.Delivery;

/// <summary>Those who wait until what they appended to a log is on disk.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LogWaiters
{
    private readonly SegmentedLog _log;
    private readonly Lock _gate = new();
    private readonly Queue<(long Position, TaskCompletionSource<bool> Done)> _waiting = new();

    public LogWaiters(SegmentedLog log)
    {
        _log = log;
        log.Committed += _ => Complete();
        log.Faulted += _ => Complete();
    }

    /// <returns>True once the position is durable; false where the log failed, so that it never will be.</returns>
    public Task<bool> DurableAsync(long position)
    {
        lock (_gate)
        {
            if (_log.DurablePosition >= position)
                return Task.FromResult(true);
            var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((position, done));
            if (_log.State is not (LogState.Faulted or LogState.Closed))
                return done.Task;
        }
        Complete();
        return Task.FromResult(_log.DurablePosition >= position);
    }

    /// <summary>Looks once more, as after the log was closed.</summary>
    public void Complete()
    {
        var failed = _log.State is LogState.Faulted or LogState.Closed;
        lock (_gate)
        {
            var left = new List<(long, TaskCompletionSource<bool>)>();
            while (_waiting.TryDequeue(out var next))
            {
                if (next.Position <= _log.DurablePosition)
                    next.Done.TrySetResult(true);
                else if (failed)
                    next.Done.TrySetResult(false);
                else
                    left.Add(next);
            }
            foreach (var waiting in left)
                _waiting.Enqueue(waiting);
        }
    }
}
