namespace EdgeGateway.Rules.Sql;

/// <summary>The last n messages, after each n or each step.</summary>
internal sealed class CountWindowRun(SqlWindow window, SqlEdge edge, SqlRunOptions options) : SqlWindowRun(window, edge, options)
{
    private readonly HeldEvents _held = new(options);
    private long _since;

    public override long? NextDeadline => null;

    public override IReadOnlyList<SqlPane> Advance(long now) => [];

    public override SqlValue Save() => ControlFunctions.Object(("n", _since), ("h", _held.Save()));

    public override void Load(SqlValue state, Func<SqlEvent, SqlEvaluation> reopen)
    {
        _since = SqlEvent.Number(state.AsObject.Get("n"));
        _held.Load(state.AsObject.Get("h"));
    }

    protected override IReadOnlyList<SqlPane> AddPassed(SqlEvent taken, SqlEvaluation evaluation, long now, Func<SqlEvent, SqlEvaluation> reopen)
    {
        Evicted += _held.Add(taken);
        _held.KeepLast(Window.Count);
        _since++;
        if (_held.Count < Window.Count || _since < Window.Every)
            return [];
        _since = 0;
        var pane = PaneOf(_held.All, _held.All.First().Time, taken.Time, reopen);
        if (Window.Every == Window.Count)
            _held.Clear();
        return [pane];
    }
}
