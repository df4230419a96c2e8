namespace EdgeGateway.Rules.Sql;

/// <summary>One burst: ends when nothing came for the silence, or when it has lasted its longest.</summary>
internal sealed class SessionWindowRun(SqlWindow window, SqlEdge edge, SqlRunOptions options) : SqlWindowRun(window, edge, options)
{
    private SqlPane? _pane;

    public override long? NextDeadline => _pane is null ? null : Math.Min(_pane.Last + Window.Step, _pane.Start + Window.Length);

    public override IReadOnlyList<SqlPane> Advance(long now)
    {
        if (_pane is not { } pane || NextDeadline > now)
            return [];
        (pane.End, _pane) = (NextDeadline!.Value, null);
        return [pane];
    }

    public override SqlValue Save() => _pane is null ? SqlValue.Null : _pane.Save();

    public override void Load(SqlValue state, Func<SqlEvent, SqlEvaluation> reopen) => _pane = state.Kind == SqlKind.Object ? SqlPane.Load(Edge, state) : null;

    protected override IReadOnlyList<SqlPane> AddPassed(SqlEvent taken, SqlEvaluation evaluation, long now, Func<SqlEvent, SqlEvaluation> reopen)
    {
        var ready = Advance(taken.Time);
        _pane ??= new SqlPane(Edge, taken.Time, taken.Time);
        _pane.Add(taken, evaluation, Options);
        return ready;
    }
}
