namespace EdgeGateway.Rules.Delivery;

/// <summary>
/// Whose turn it is: a lane a key, one message of a lane at a time, live lanes before those with a backlog. When several lanes fail one
/// after the other, the other side is taken to be down: then one message at a time tries it, of another lane each time (a message that
/// always fails holds up its own key only), until one gets through.
/// </summary>
/// <remarks>Not for several threads at once. Times are Unix milliseconds.</remarks>
internal sealed class DeliveryLanes(int concurrency, TimeSpan resendInterval, Func<double> random)
{
    private const int FailuresOfAnOutage = 3;
    private const int BacklogTurn = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250), LongestPause = TimeSpan.FromMinutes(1);
    private readonly Dictionary<string, DeliveryLane> _lanes = new(StringComparer.Ordinal);
    private readonly Queue<DeliveryLane> _live = new();
    private readonly Queue<DeliveryLane> _backlog = new();
    private readonly PriorityQueue<DeliveryLane, long> _later = new();
    private readonly HashSet<string> _failing = new(StringComparer.Ordinal); // keys since the last that got through
    private int _underWay, _failuresInRow, _probes, _turns;
    private long _nextProbe, _nextResend;

    /// <summary>Stored and not settled.</summary>
    public int Count { get; private set; }

    public int UnderWay => _underWay;

    /// <summary>The other side takes nothing at present.</summary>
    public bool IsDown => _failuresInRow >= FailuresOfAnOutage && _failing.Count >= 2;

    public void Add(string key, DeliveryEntry entry, bool isBacklog)
    {
        if (!_lanes.TryGetValue(key, out var lane))
            _lanes[key] = lane = new DeliveryLane(key);
        lane.Waiting.Enqueue(entry);
        Count++;
        if (lane.IsQueued || lane.IsUnderWay)
            return;
        lane.IsBacklog = isBacklog || IsDown;
        Enqueue(lane.IsBacklog ? _backlog : _live, lane);
    }

    /// <param name="durable">Nothing beyond this position may go yet.</param>
    public DeliveryLane? Take(long now, long durable)
    {
        while (_later.TryPeek(out var due, out var at) && at <= now)
        {
            _later.Dequeue();
            _backlog.Enqueue(due);
        }
        if (_underWay >= (IsDown ? 1 : concurrency))
            return null;
        if (IsDown)
            return now < _nextProbe ? null : TakeFrom(_backlog, durable) ?? TakeFrom(_live, durable) ?? TakeLater(durable);
        if (_backlog.Count > 0 && now >= _nextResend && (_live.Count == 0 || ++_turns % BacklogTurn == 0) && TakeFrom(_backlog, durable) is { } old)
        {
            _nextResend = now + (long)resendInterval.TotalMilliseconds;
            return old;
        }
        return TakeFrom(_live, durable);
    }

    /// <summary>The first message of the lane is done with: sent, refused, or too old.</summary>
    /// <param name="wasTaken">The other side took it.</param>
    public void Settled(DeliveryLane lane, bool wasTaken, long now)
    {
        Leave(lane);
        if (wasTaken)
        {
            if (IsDown)
                Recover();
            (_failuresInRow, _probes) = (0, 0);
            _failing.Clear();
        }
        (lane.Attempts, lane.FirstErrorAt) = (0, 0);
        lane.Waiting.Dequeue();
        Count--;
        GoOn(lane, now);
    }

    public void Failed(DeliveryLane lane, long now)
    {
        Leave(lane);
        if (lane.Attempts++ == 0)
            lane.FirstErrorAt = now;
        lane.IsBacklog = true;
        _failuresInRow++;
        _failing.Add(lane.Key);
        if (IsDown)
            _nextProbe = now + Pause(++_probes);
        lane.NotBefore = now + Pause(lane.Attempts);
        lane.IsQueued = true;
        _later.Enqueue(lane, lane.NotBefore);
    }

    /// <summary>Nothing can be said of the message: it is to go again as it was.</summary>
    public void GiveBack(DeliveryLane lane)
    {
        Leave(lane);
        Enqueue(_backlog, lane);
    }

    /// <summary>Forgets what lies before a position and is not under way.</summary>
    /// <returns>Their positions.</returns>
    public IReadOnlyList<long> DropBefore(long position)
    {
        var dropped = new List<long>();
        foreach (var lane in _lanes.Values)
        {
            for (var (i, count) = (0, lane.Waiting.Count); i < count; i++)
            {
                var entry = lane.Waiting.Dequeue();
                if (entry.Position >= position || (i == 0 && lane.IsUnderWay))
                {
                    lane.Waiting.Enqueue(entry);
                    continue;
                }
                dropped.Add(entry.Position);
                if (i == 0)
                    (lane.Attempts, lane.FirstErrorAt) = (0, 0);
            }
        }
        Count -= dropped.Count;
        return dropped;
    }

    /// <summary>When there may be something to do without anything happening; null: only when something happens.</summary>
    public long? NextTime(long now)
    {
        if (_underWay >= (IsDown ? 1 : concurrency) || Count == _underWay)
            return null;
        var times = new List<long>();
        if (IsDown)
            times.Add(_nextProbe);
        else if (_backlog.Count > 0)
            times.Add(_nextResend);
        if (_later.TryPeek(out _, out var at))
            times.Add(at);
        return times.Count == 0 ? null : Math.Max(now, times.Min());
    }

    private void Leave(DeliveryLane lane)
    {
        lane.IsUnderWay = false;
        _underWay--;
    }

    private void GoOn(DeliveryLane lane, long now)
    {
        if (lane.Waiting.Count == 0)
        {
            _lanes.Remove(lane.Key);
            return;
        }
        // What waits behind one that was under way a moment is no backlog.
        Enqueue(lane.IsBacklog && now - lane.Waiting.Peek().StoredAt > 1000 ? _backlog : _live, lane);
    }

    private static void Enqueue(Queue<DeliveryLane> lanes, DeliveryLane lane)
    {
        lane.IsQueued = true;
        lanes.Enqueue(lane);
    }

    private void Recover()
    {
        // They waited for the other side, which is there again.
        while (_later.TryDequeue(out var lane, out _))
            _backlog.Enqueue(lane);
    }

    private DeliveryLane? TakeFrom(Queue<DeliveryLane> lanes, long durable)
    {
        for (var left = lanes.Count; left > 0; left--)
        {
            var lane = lanes.Dequeue();
            if (lane.Waiting.Count == 0)
            {
                lane.IsQueued = false;
                _lanes.Remove(lane.Key); // dropped meanwhile
                continue;
            }
            if (lane.Waiting.Peek().Position <= durable)
                return Begin(lane);
            lanes.Enqueue(lane);
        }
        return null;
    }

    private DeliveryLane? TakeLater(long durable)
    {
        Recover();
        return TakeFrom(_backlog, durable);
    }

    private DeliveryLane Begin(DeliveryLane lane)
    {
        (lane.IsUnderWay, lane.IsQueued) = (true, false);
        _underWay++;
        return lane;
    }

    // Doubled each time, a quarter more or less, so that many gateways do not come back at the same moment.
    private long Pause(int attempts)
    {
        var pause = Math.Min(LongestPause.TotalMilliseconds, FirstPause.TotalMilliseconds * Math.Pow(2, Math.Min(attempts - 1, 12)));
        return (long)(pause * (0.75 + (0.5 * random())));
    }
}
