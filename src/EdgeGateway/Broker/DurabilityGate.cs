using System.Collections.Concurrent;
using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>
/// Lets go of the acknowledgements that wait for a log, after each of its commits. Not on the log's own thread: that would wait for the
/// lock of a session whose owner may be waiting for the log.
/// </summary>
internal sealed class DurabilityGate(BrokerMetrics metrics) : IThreadPoolWorkItem
{
    private int _scheduled;
    private readonly Lock _looking = new(); // one look at a time: what one has in hand, another that knows of a later commit would miss
    private readonly ConcurrentDictionary<IDurableLog, bool> _sources = new();
    private IDurableLog? _lastWatched; // saves the usual look into the table
    private readonly ConcurrentQueue<Session> _sessions = new();
    private readonly ConcurrentQueue<(DurabilityTickets Tickets, TaskCompletionSource Done)> _callers = new();

    /// <summary>Runs the look that a commit makes due, soon and on another thread; a test that chooses the moment looks by <see cref="LookAgain"/> itself.</summary>
    internal Action<IThreadPoolWorkItem> Schedule { get; set; } = static look => ThreadPool.UnsafeQueueUserWorkItem(look, preferLocal: false);

    /// <summary>The session has acknowledgements that wait; it is looked at again after the next commit.</summary>
    public void Wait(Session session, DurabilityTickets tickets)
    {
        Watch(tickets);
        if (session.BeginWaiting())
            _sessions.Enqueue(session); // once, however much it waits for
        if (tickets.AreKept)
            Look(); // the commit came in between, and its look may have passed
    }

    /// <summary>Completes when all promises are kept.</summary>
    public Task WaitAsync(DurabilityTickets tickets)
    {
        if (tickets.AreKept)
            return Task.CompletedTask;
        Watch(tickets);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _callers.Enqueue((tickets, done));
        if (tickets.AreKept) // the commit may have come in between
            done.TrySetResult();
        return done.Task;
    }

    private void Watch(DurabilityTickets tickets)
    {
        if (tickets.FirstSource is { } first && first != Volatile.Read(ref _lastWatched))
            Watch(first);
        foreach (var ticket in tickets.Others)
            Watch(ticket.Source!);
    }

    private void Watch(IDurableLog source)
    {
        if (_sources.TryAdd(source, true))
            source.Committed += OnCommitted;
        Volatile.Write(ref _lastWatched, source);
    }

    private void OnCommitted(IDurableLog source) => Look();

    private void Look()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0)
            Schedule(this);
    }

    void IThreadPoolWorkItem.Execute() => LookAgain();

    /// <summary>Lets go of all that has become durable.</summary>
    internal void LookAgain()
    {
        var burst = new DeliveryBurst();
        lock (_looking)
            LetGo(burst);
        burst.End(metrics);
    }

    private void LetGo(DeliveryBurst burst)
    {
        Interlocked.Exchange(ref _scheduled, 0); // a commit from here on schedules another look
        for (var left = _sessions.Count; left > 0 && _sessions.TryDequeue(out var session); left--)
        {
            session.EndWaiting(); // before the look: what begins to wait behind it enters the queue again
            if (!session.ReleaseAcks(burst) && session.BeginWaiting())
                _sessions.Enqueue(session);
        }
        for (var left = _callers.Count; left > 0 && _callers.TryDequeue(out var caller); left--)
            if (caller.Tickets.AreKept)
                caller.Done.TrySetResult();
            else
                _callers.Enqueue(caller);
    }
}
