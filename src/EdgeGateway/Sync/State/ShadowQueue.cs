using EdgeGateway.Shadows;

namespace EdgeGateway.Sync.State;

/// <summary>
/// Shadows that want looking at, each once, the longest due first. One that is being worked on is not handed out a second time; what comes meanwhile
/// is done after it.
/// </summary>
internal sealed class ShadowQueue(TimeProvider time)
{
    private readonly Lock _gate = new();                                             // guards the fields below
    private readonly Dictionary<ShadowId, Entry> _entries = [];
    private readonly PriorityQueue<ShadowId, long> _order = new(); // of one that was brought forward the later place stays, and is passed over
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Count
    {
        get
        {
            lock (_gate)
                return _entries.Count;
        }
    }

    /// <param name="asksCloud">The upstream may have changed: look there before anything is written.</param>
    /// <param name="delay">A later mention does not put it off; one that wants it sooner brings it forward.</param>
    public void Add(ShadowId shadow, bool asksCloud, TimeSpan delay)
    {
        lock (_gate)
        {
            var due = time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);
            if (_entries.TryGetValue(shadow, out var entry) && (entry.IsTaken || entry.Due <= due))
            {
                _entries[shadow] = entry with { AsksCloud = entry.AsksCloud || asksCloud, IsAgain = entry.IsTaken };
                return;
            }
            _entries[shadow] = new(entry.AsksCloud || asksCloud, IsTaken: false, IsAgain: false, due);
            _order.Enqueue(shadow, due);
            _signal.TrySetResult();
        }
    }

    /// <summary>Waits until one is due and takes it; <see cref="End"/> gives it back.</summary>
    public async Task<(ShadowId Shadow, bool AsksCloud)> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task signal;
            TimeSpan wait;
            lock (_gate)
            {
                while (_order.TryPeek(out var passed, out var place) && (!_entries.TryGetValue(passed, out var known) || known.IsTaken || known.Due != place))
                    _order.Dequeue();
                if (_order.TryPeek(out var shadow, out var due))
                {
                    wait = TimeSpan.FromSeconds((due - time.GetTimestamp()) / (double)time.TimestampFrequency);
                    if (wait <= TimeSpan.Zero)
                    {
                        _order.Dequeue();
                        var asks = _entries[shadow].AsksCloud;
                        _entries[shadow] = new(AsksCloud: false, IsTaken: true, IsAgain: false, due);
                        return (shadow, asks);
                    }
                }
                else
                    wait = Timeout.InfiniteTimeSpan;
                if (_signal.Task.IsCompleted)
                    _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
                signal = _signal.Task;
            }
            await signal.WaitAsync(wait, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the time is over: look again
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <param name="again">Null: done, unless it was mentioned meanwhile; otherwise the pause before the next attempt, which asks the upstream.</param>
    public void End(ShadowId shadow, TimeSpan? again)
    {
        lock (_gate)
        {
            var entry = _entries[shadow];
            _entries.Remove(shadow);
            if (again is { } pause)
                Add(shadow, asksCloud: true, pause);
            else if (entry.IsAgain)
                Add(shadow, entry.AsksCloud, TimeSpan.Zero);
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
            _order.Clear();
        }
    }

    private readonly record struct Entry(bool AsksCloud, bool IsTaken, bool IsAgain, long Due);
}
