using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Sync.Store;

/// <summary>
/// What waits for one upstream: a queue per class, under one cap. The higher class is taken first; every sixteenth take goes to
/// the lowest that waits, so that none starves.
/// </summary>
internal sealed class Outbox : IDisposable
{
    private const int StarvationTurn = 16;
    private static readonly TimeSpan CommitLook = TimeSpan.FromSeconds(1); // a log that is closed raises nothing any more
    private static readonly TimeSpan ForecastWindow = TimeSpan.FromHours(1), DrainWindow = TimeSpan.FromSeconds(30);
    private readonly OutboxLimits _limits;
    private readonly TimeProvider _time;
    private readonly Backlog[] _classes; // high first; only those in use
    private readonly Backlog?[] _byClass = new Backlog?[3];
    private readonly Predicate<MessageStamp> _isTooOld;
    private readonly RateMeter _storedBytes, _drainedBytes, _storedMessages, _drainedMessages;
    private int _takes, _isThinning;

    /// <param name="classes">In use now, or with messages of an earlier configuration.</param>
    /// <param name="folder">Opens the folder of a class, or of a coarser log of it, by its name.</param>
    /// <param name="exists">Whether such a folder is there.</param>
    /// <param name="clock">Becomes the outbox's own.</param>
    public Outbox(
        OutboxLimits limits, IEnumerable<MessageClass> classes, Func<string, ILogFiles> folder, Func<string, bool> exists, SegmentedLogOptions log, ArrivalClock clock, TimeProvider time)
    {
        _limits = limits;
        _time = time;
        Clock = clock;
        _isTooOld = IsTooOld;
        _classes = [.. classes.Distinct().Order().Select(each => new Backlog(each, limits.Full[(int)each], level => Open(each, level), level => exists(FolderOf(each, level))))];
        foreach (var each in _classes)
            _byClass[(int)each.Class] = each;

        ClassQueue Open(MessageClass each, int level)
        {
            var queue = new ClassQueue(folder(FolderOf(each, level)), log, each) { Name = FolderOf(each, level) };
            queue.Log.Committed += _ => Stored?.Invoke();
            queue.Log.Faulted += failed => Faulted?.Invoke(failed.Problem);
            return queue;
        }
        _storedBytes = new(time, ForecastWindow, 60);
        _drainedBytes = new(time, ForecastWindow, 60);
        _storedMessages = new(time, DrainWindow, 30);
        _drainedMessages = new(time, DrainWindow, 30);
    }

    /// <summary>Older stretches are being made coarser at this moment.</summary>
    internal bool IsThinning => Volatile.Read(ref _isThinning) != 0;

    private long ThinningBegins => _limits.RecordBytes / 8 * 7;

    /// <summary>There is something new to take. Raised on a log's thread.</summary>
    public event Action? Stored;

    /// <summary>A log cannot write any more; why. Raised on its thread.</summary>
    public event Action<string?>? Faulted;

    /// <summary>High first; of a class in the order they are sent.</summary>
    public IEnumerable<ClassQueue> Queues => _classes.SelectMany(static each => each.OldestFirst);

    /// <summary>When the messages came.</summary>
    public ArrivalClock Clock { get; }

    /// <summary>Takes a message in; on a publisher's thread.</summary>
    /// <returns>What the publisher's acknowledgement waits for; none if the message was dropped by the policy of a full store.</returns>
    public DurabilityTicket Store(MessageClass messageClass, ReadOnlySpan<byte> topic, in MessageView message)
    {
        var backlog = _byClass[(int)messageClass] ?? throw new InvalidOperationException($"no queue for class {messageClass}");
        var queue = backlog.Newest;
        var length = RecordFormat.OverheadBytes + topic.Length + OutboxRecord.PrefixBytes + message.Properties.Length + message.Payload.Length;
        if (length > queue.Log.MaxRecordBytes || !MakeRoom(backlog, length))
            return Drop(queue);
        var position = queue.Store(topic, message, Clock.Stamp(message.ReceivedAt));
        switch (position)
        {
            case LogRefusal.Full:
                return Drop(queue);
            case LogRefusal.Faulted or LogRefusal.Closed:
                return new(queue.Log, long.MaxValue); // a promise that cannot be kept is not given
        }
        _storedBytes.Add(length);
        _storedMessages.Add(1);
        if (backlog.Full == FullPolicy.Thin && StoredBytes() > ThinningBegins && Interlocked.Exchange(ref _isThinning, 1) == 0)
            _ = Task.Run(Thin);
        return new(queue.Log, position);
    }

    /// <summary>The next message to send.</summary>
    /// <param name="least">Messages of lower classes wait.</param>
    /// <param name="record">Borrowed until the next call.</param>
    public bool TryTake(MessageClass least, out QueuedMessage message, out LogRecord record)
    {
        var lowestFirst = ++_takes % StarvationTurn == 0;
        for (var i = 0; i < _classes.Length; i++)
            foreach (var queue in _classes[lowestFirst ? _classes.Length - 1 - i : i].OldestFirst)
                if (queue.Class <= least && queue.TryTake(_isTooOld, out message, out record))
                    return true;
        message = null!;
        record = default;
        return false;
    }

    public void Acknowledge(QueuedMessage message)
    {
        message.Queue.Acknowledge(message);
        _drainedBytes.Add(message.Length);
        _drainedMessages.Add(1);
    }

    /// <inheritdoc cref="ClassQueue.Rewind"/>
    public void Rewind()
    {
        foreach (var queue in Queues)
            queue.Rewind();
    }

    /// <summary>Looks at the clock, drops what is too old and saves how far the upstream has come; to be called now and then.</summary>
    public void Tidy()
    {
        Clock.Observe();
        foreach (var queue in Queues)
        {
            queue.Expire(_isTooOld);
            queue.SaveCursor();
        }
    }

    /// <param name="draining">Whether the upstream takes messages at present; if not, what it took before says nothing about the coming hours.</param>
    public OutboxSnapshot Snapshot(bool draining)
    {
        var stored = StoredBytes();
        var growth = _storedBytes.PerSecond - (draining ? _drainedBytes.PerSecond : 0);
        var queues = Queues.ToList();
        var oldest = queues.Select(queue => queue.Messages > 0 && queue.Oldest is { } stamp ? Clock.ArrivedAt(stamp) : null).Min();
        var seconds = Math.Max(0, _limits.RecordBytes - stored) / growth;
        return new(
            queues.Sum(static queue => queue.Messages),
            queues.Sum(static queue => queue.BacklogBytes),
            oldest is { } at ? TimeSpan.FromMilliseconds(Math.Max(0, _time.GetUtcNow().ToUnixTimeMilliseconds() - at)) : null,
            _storedMessages.PerSecond,
            _drainedMessages.PerSecond,
            growth > 0.01 && seconds < TimeSpan.FromDays(3650).TotalSeconds ? TimeSpan.FromSeconds(seconds) : null,
            queues.Sum(static queue => queue.Dropped),
            queues.Sum(static queue => queue.Expired),
            queues.Sum(static queue => queue.Damage.Count),
            queues.Select(static queue => queue.Log.Problem).FirstOrDefault(static problem => problem is not null));
    }

    public void Dispose()
    {
        foreach (var each in _classes)
            each.Dispose();
        Clock.Dispose();
    }

    internal static string FolderOf(MessageClass messageClass, int level = 0) =>
        messageClass switch { MessageClass.High => "high", MessageClass.Normal => "normal", _ => "low" } + (level == 0 ? "" : $"-thinned-{level}");

    private static DurabilityTicket Drop(ClassQueue queue)
    {
        queue.CountDropped();
        return DurabilityTicket.None;
    }

    // A lower class gives way to a higher one, never the other way round, and never what its policy protects.
    private bool MakeRoom(Backlog backlog, int length)
    {
        if (backlog.Newest.Log.IsShortOfRoom && !Queues.Any(static each => each.IsTrimming))
            GiveWay(backlog.Class); // the disk is nearly full; the segment in use still takes this message
        while (StoredBytes() + length > _limits.RecordBytes)
            if (!GiveWay(backlog.Class))
                return false;
        return true;
    }

    private long StoredBytes()
    {
        var bytes = 0L;
        foreach (var each in _classes)
            bytes += each.StoredBytes;
        return bytes;
    }

    private bool GiveWay(MessageClass to)
    {
        for (var i = _classes.Length - 1; i >= 0 && _classes[i].Class >= to; i--)
            if (_classes[i].Full != FullPolicy.DropNewest && _classes[i].DropOldest())
                return true;
        return false;
    }

    // Ahead of time and off the publishers' threads: copying a segment takes as long as writing it.
    private void Thin()
    {
        try
        {
            while (StoredBytes() > ThinningBegins && _classes.Reverse().Any(static each => each.Full == FullPolicy.Thin && each.Thin(WaitDurable)))
            {
            }
        }
        catch (IOException ex)
        {
            Faulted?.Invoke(ex.Message);
        }
        finally
        {
            Interlocked.Exchange(ref _isThinning, 0);
        }
    }

    private static bool WaitDurable(SegmentedLog log, long position)
    {
        using var committed = new ManualResetEventSlim();
        void OnCommitted(IDurableLog _) => committed.Set();
        log.Committed += OnCommitted;
        try
        {
            while (log.DurablePosition < position)
            {
                if (log.State != LogState.Open)
                    return false;
                committed.Wait(CommitLook);
                committed.Reset();
            }
            return true;
        }
        finally
        {
            log.Committed -= OnCommitted;
        }
    }

    // Where nobody knows when a message came it is kept: a clock that was set meanwhile would else make it old at once.
    private bool IsTooOld(MessageStamp stamp) => Clock.ArrivedAt(stamp) is { } at && at < (_time.GetUtcNow() - _limits.Age).ToUnixTimeMilliseconds();
}
