namespace EdgeGateway.Rules.Sql;

/// <summary>
/// Tumbling and hopping windows, aligned to clock time (days to local midnight). Each holds aggregates, not messages. With event time a
/// window closes when the watermark, the latest event time less the tolerance, passes its end; without messages the clock moves it on.
/// </summary>
internal sealed class HoppingWindowRun(SqlWindow window, SqlEdge edge, SqlRunOptions options, TimeProvider time) : SqlWindowRun(window, edge, options)
{
    private const int MaxEmpty = 1000;
    private readonly SortedDictionary<long, SqlPane> _panes = [];
    private long _watermark = long.MinValue;
    private long _latest = long.MinValue;
    private long _arrived;
    private long? _empty; // where the next window begins that is given though nothing may be in it

    private bool HasEventTime => Options.EventTime is not null;

    private long Tolerance => (long)Options.LateTolerance.TotalMilliseconds;

    private long IdleAfter => (long)Options.IdleTimeout.TotalMilliseconds;

    public override long? NextDeadline
    {
        get
        {
            if (_panes.Count == 0)
                return HasEventTime ? null : _empty + Window.Length;
            var end = Math.Min(_panes.First().Value.End, _empty + Window.Length ?? long.MaxValue);
            // By event time the clock counts only once the source is idle: from then on as if it had run since the last message.
            return HasEventTime ? _arrived + Math.Max(IdleAfter, end + Tolerance - _latest) : end;
        }
    }

    protected override IReadOnlyList<SqlPane> AddPassed(SqlEvent taken, SqlEvaluation evaluation, long now, Func<SqlEvent, SqlEvaluation> reopen)
    {
        var ready = new List<SqlPane>();
        if (HasEventTime)
        {
            _arrived = now;
            _latest = Math.Max(_latest, taken.Time);
            Close(Math.Max(_watermark, _latest - Tolerance), ready);
        }
        // By arrival nothing is late: what waited in the queue while its window ended belongs to the next.
        var at = HasEventTime ? taken.Time : Math.Max(taken.Time, _watermark);
        if (Options.EmitsEmpty)
            _empty ??= LastStart(at);
        var isLate = true;
        for (var start = LastStart(at); start + Window.Length > at; start -= Window.Step)
        {
            if (start + Window.Length <= _watermark)
                continue;
            isLate = false;
            if (!_panes.TryGetValue(start, out var pane))
                _panes[start] = pane = new SqlPane(Edge, start, start + Window.Length);
            pane.Add(taken, evaluation, Options);
        }
        Late += isLate ? 1 : 0;
        return ready;
    }

    public override IReadOnlyList<SqlPane> Advance(long now)
    {
        var ready = new List<SqlPane>();
        if (!HasEventTime)
            Close(now, ready);
        else if (_panes.Count > 0 && now - _arrived >= IdleAfter)
            Close(Math.Max(_watermark, _latest + (now - _arrived) - Tolerance), ready);
        return ready;
    }

    public override void Resume(long now)
    {
        _arrived = Math.Max(_arrived, now);
        // Of the time the gateway was away nothing is said.
        if (Options.EmitsEmpty && !HasEventTime)
            _empty = Math.Max(_empty ?? long.MinValue, LastStart(now));
    }

    public override SqlValue Save() => ControlFunctions.Object(
        ("w", _watermark), ("l", _latest), ("a", _arrived), ("late", Late), ("empty", _empty is { } empty ? empty : SqlValue.Null), ("p", SqlValue.Array([.. _panes.Values.Select(static pane => pane.Save())])));

    public override void Load(SqlValue state, Func<SqlEvent, SqlEvaluation> reopen)
    {
        var saved = state.AsObject;
        (_watermark, _latest, _arrived, Late) = (SqlEvent.Number(saved.Get("w")), SqlEvent.Number(saved.Get("l")), SqlEvent.Number(saved.Get("a")), SqlEvent.Number(saved.Get("late")));
        _empty = saved.Get("empty") is { IsNumber: true } empty ? SqlEvent.Number(empty) : null;
        foreach (var item in saved.Get("p").AsArray)
        {
            var pane = SqlPane.Load(Edge, item);
            _panes[pane.Start] = pane;
        }
    }

    private void Close(long watermark, List<SqlPane> ready)
    {
        // The wall clock went back (no battery clock, then the network's time): what is open lies in a future that was none.
        if (!HasEventTime && _watermark != long.MinValue && watermark < _watermark - Window.Length)
        {
            ready.AddRange(_panes.Values);
            _panes.Clear();
        }
        _watermark = watermark;
        for (var count = 0; _empty is { } start && start + Window.Length <= watermark; count++)
        {
            if (count < MaxEmpty && !_panes.ContainsKey(start))
                _panes[start] = new SqlPane(Edge, start, start + Window.Length);
            // Days are not all as long.
            _empty = count < MaxEmpty ? LastStart(start + Window.Step + (Window.Step / 2)) : LastStart(watermark);
            if (count >= MaxEmpty)
                break;
        }
        while (_panes.Count > 0 && _panes.First() is var (begin, pane) && pane.End <= watermark)
        {
            ready.Add(pane);
            _panes.Remove(begin);
        }
    }

    private long LastStart(long at)
    {
        var offset = Window.IsInDays ? (long)time.LocalTimeZone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(at)).TotalMilliseconds : 0;
        return (long)Math.Floor((at + offset) / (double)Window.Step) * Window.Step - offset;
    }
}
