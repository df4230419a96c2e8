namespace EdgeGateway.Rules.Sql;

/// <summary>On each message, or each that meets a condition: what came from so long before it until so long after it.</summary>
internal sealed class SlidingWindowRun(SqlWindow window, SqlEdge edge, SqlRunOptions options) : SqlWindowRun(window, edge, options)
{
    private readonly HeldEvents _held = new(options);
    private readonly Queue<long> _triggers = new();
    private Func<SqlEvent, SqlEvaluation>? _reopen;

    // The end belongs to the window, so it is over a millisecond later.
    public override long? NextDeadline => _triggers.TryPeek(out var trigger) ? trigger + Window.Step + 1 : null;

    public override IReadOnlyList<SqlPane> Advance(long now)
    {
        var ready = new List<SqlPane>();
        while (_triggers.TryPeek(out var trigger) && trigger + Window.Step < now && _reopen is { } reopen)
        {
            _triggers.Dequeue();
            ready.Add(Around(trigger, reopen));
        }
        return ready;
    }

    public override SqlValue Save() => ControlFunctions.Object(("t", SqlValue.Array([.. _triggers.Select(static trigger => (SqlValue)trigger)])), ("h", _held.Save()));

    public override void Load(SqlValue state, Func<SqlEvent, SqlEvaluation> reopen)
    {
        _reopen = reopen;
        foreach (var trigger in state.AsObject.Get("t").AsArray)
            _triggers.Enqueue(SqlEvent.Number(trigger));
        _held.Load(state.AsObject.Get("h"));
    }

    protected override IReadOnlyList<SqlPane> AddPassed(SqlEvent taken, SqlEvaluation evaluation, long now, Func<SqlEvent, SqlEvaluation> reopen)
    {
        _reopen = reopen;
        Evicted += _held.Add(taken);
        _held.KeepFrom(taken.Time - Window.Length - Window.Step + 1);
        if (Window.When is { } when && !(when.Evaluate(evaluation).TryBoolean(out var fires) && fires))
            return [];
        if (Window.Step == 0)
            return [Around(taken.Time, reopen)];
        if (_triggers.Count < Options.MaxEvents)
            _triggers.Enqueue(taken.Time);
        return [];
    }

    private SqlPane Around(long trigger, Func<SqlEvent, SqlEvaluation> reopen) => PaneOf(
        _held.All.Where(held => held.Time > trigger - Window.Length && held.Time <= trigger + Window.Step), trigger - Window.Length, trigger + Window.Step, reopen);
}
