using EdgeGateway.Storage.Log;

namespace EdgeGateway.Rules.Delivery;

/// <summary>Those who wait until what they appended to a log is on disk.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class LogWaiters
{
    private readonly SegmentedLog _log;
    private readonly Lock _gate = new();
    private readonly Queue<(long Position, bool UnlessFull, TaskCompletionSource<bool> Done)> _waiting = new();

    public LogWaiters(SegmentedLog log)
    {
        _log = log;
        log.Committed += _ => Complete();
        log.Faulted += _ => Complete();
    }

    /// <param name="unlessFull">Not to wait for room: whoever waits may be who makes it.</param>
    /// <returns>True once the position is durable; false where the log failed, so that it never will be, or is full.</returns>
    public Task<bool> DurableAsync(long position, bool unlessFull = false)
    {
        TaskCompletionSource<bool> done;
        lock (_gate)
        {
            if (_log.DurablePosition >= position)
                return Task.FromResult(true);
            done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((position, unlessFull, done));
            if (_log.State is not (LogState.Faulted or LogState.Closed or LogState.Full))
                return done.Task;
        }
        Complete();
        return done.Task;
    }

    /// <summary>Looks once more, as after the log was closed.</summary>
    public void Complete()
    {
        var state = _log.State;
        lock (_gate)
        {
            var left = new List<(long, bool, TaskCompletionSource<bool>)>();
            while (_waiting.TryDequeue(out var next))
            {
                if (next.Position <= _log.DurablePosition)
                    next.Done.TrySetResult(true);
                else if (state is LogState.Faulted or LogState.Closed || (state == LogState.Full && next.UnlessFull))
                    next.Done.TrySetResult(false);
                else
                    left.Add(next);
            }
            foreach (var waiting in left)
                _waiting.Enqueue(waiting);
        }
    }
}
