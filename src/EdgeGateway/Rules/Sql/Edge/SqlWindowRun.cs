namespace EdgeGateway.Rules.Sql;

/// <summary>A window at work: takes messages, gives the panes that are complete.</summary>
internal abstract class SqlWindowRun(SqlWindow window, SqlEdge edge, SqlRunOptions options)
{
    protected SqlWindow Window => window;

    protected SqlEdge Edge => edge;

    protected SqlRunOptions Options => options;

    public long Late { get; protected set; }

    public long Evicted { get; protected set; }

    /// <summary>When <see cref="Advance"/> has something to give, Unix milliseconds.</summary>
    public abstract long? NextDeadline { get; }

    public static SqlWindowRun Create(SqlWindow window, SqlEdge edge, SqlRunOptions options, TimeProvider time) => window.Kind switch
    {
        SqlWindowKind.Hopping => new HoppingWindowRun(window, edge, options, time),
        SqlWindowKind.Session => new SessionWindowRun(window, edge, options),
        SqlWindowKind.Count => new CountWindowRun(window, edge, options),
        SqlWindowKind.Sliding => new SlidingWindowRun(window, edge, options),
        _ => new StateWindowRun(window, edge, options),
    };

    /// <param name="reopen">An evaluation that sees what a held message saw.</param>
    public IReadOnlyList<SqlPane> Add(SqlEvent taken, SqlEvaluation evaluation, long now, Func<SqlEvent, SqlEvaluation> reopen) =>
        window.Filter is not { } filter || (filter.Evaluate(evaluation).TryBoolean(out var enters) && enters) ? AddPassed(taken, evaluation, now, reopen) : [];

    public abstract IReadOnlyList<SqlPane> Advance(long now);

    /// <summary>The gateway was away until now: the source may have spoken meanwhile, so that it does not count as idle.</summary>
    public virtual void Resume(long now)
    {
    }

    public abstract SqlValue Save();

    public abstract void Load(SqlValue state, Func<SqlEvent, SqlEvaluation> reopen);

    protected abstract IReadOnlyList<SqlPane> AddPassed(SqlEvent taken, SqlEvaluation evaluation, long now, Func<SqlEvent, SqlEvaluation> reopen);

    /// <summary>One pane out of messages that were held.</summary>
    protected SqlPane PaneOf(IEnumerable<SqlEvent> events, long start, long end, Func<SqlEvent, SqlEvaluation> reopen)
    {
        var pane = new SqlPane(edge, start, end);
        foreach (var held in events)
            pane.Add(held, reopen(held), options);
        return pane;
    }
}
