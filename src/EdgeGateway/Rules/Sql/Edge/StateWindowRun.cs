namespace EdgeGateway.Rules.Sql;

/// <summary>
/// From one message that meets a condition to another. With one condition each time it is met again gives what was collected since;
/// with two the window runs from the first to the second, both messages in it.
/// </summary>
internal sealed class StateWindowRun(SqlWindow window, SqlEdge edge, SqlRunOptions options) : SqlWindowRun(window, edge, options)
{
    private readonly Dictionary<string, HeldEvents> _open = new(StringComparer.Ordinal);

    public override long? NextDeadline => null;

    public override IReadOnlyList<SqlPane> Advance(long now) => [];

    public override SqlValue Save()
    {
        var saved = new SqlObject();
        foreach (var (key, held) in _open)
            saved.Set(key, held.Save());
        return saved;
    }

    public override void Load(SqlValue state, Func<SqlEvent, SqlEvaluation> reopen)
    {
        for (var i = 0; i < state.AsObject.Count; i++)
        {
            var held = _open[state.AsObject[i].Key] = new HeldEvents(Options);
            held.Load(state.AsObject[i].Value);
        }
    }

    protected override IReadOnlyList<SqlPane> AddPassed(SqlEvent taken, SqlEvaluation evaluation, long now, Func<SqlEvent, SqlEvaluation> reopen)
    {
        var key = string.Join('\n', Window.Partition.Select(part => SqlJson.ToText(part.Evaluate(evaluation))));
        var begins = Window.Begin!.Evaluate(evaluation).TryBoolean(out var began) && began;
        var held = _open.GetValueOrDefault(key);
        var ready = new List<SqlPane>();
        if (begins && Window.End is null && held is not null)
            ready.Add(Close(key, held, taken.Time, reopen));
        if (begins && !_open.ContainsKey(key))
        {
            if (_open.Count >= Options.MaxKeys)
            {
                Evicted++;
                return ready;
            }
            _open[key] = new HeldEvents(Options);
        }
        if (!_open.TryGetValue(key, out held))
            return ready;
        Evicted += held.Add(taken);
        if (Window.End is { } end && end.Evaluate(evaluation).TryBoolean(out var ends) && ends)
            ready.Add(Close(key, held, taken.Time, reopen));
        return ready;
    }

    private SqlPane Close(string key, HeldEvents held, long end, Func<SqlEvent, SqlEvaluation> reopen)
    {
        _open.Remove(key);
        return PaneOf(held.All, held.All.First().Time, end, reopen);
    }
}
