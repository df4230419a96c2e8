using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.State;

/// <summary>
/// What one rule remembers: the run of its present statement, and how far it is on disk. A replaced statement whose window and stateful
/// functions are the same takes the state over, another one begins anew.
/// </summary>
/// <remarks>Used by the rule's own loop alone.</remarks>
internal sealed class RuleMemory(string rule, SqlContext context, RuleStateStore? store, RuleJournal journal)
{
    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(10);
    private RulePlan? _plan;
    private SqlRun? _run;
    private long _position = -1;
    private bool _isDirty;
    private long _savedAt;

    /// <summary>Through which position the actions were done before the gateway was killed.</summary>
    public long Done { get; private set; } = -1;

    public SqlRun? Run => _run;

    /// <summary>When something is to be done without a message, Unix milliseconds.</summary>
    public long? NextDeadline
    {
        get
        {
            var save = _isDirty ? _savedAt + (long)SaveEvery.TotalMilliseconds : default(long?);
            return save is { } at && _run?.NextDeadline is { } due ? Math.Min(at, due) : save ?? _run?.NextDeadline;
        }
    }

    /// <summary>Loads what is on disk; the messages since then are to be taken once more.</summary>
    public IReadOnlyList<RuleJournal.Entry> Restore(RulePlan plan)
    {
        _savedAt = context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        (_plan, _run) = (plan, new SqlRun(plan.Statement, context, plan.Run));
        var saved = store?.Load(rule);
        if (saved is not { } state)
        {
            _position = journal.Now;
            return [];
        }
        _position = state.Position;
        _run.TryLoad(state.State);
        var backlog = journal.Read(rule, state.Position, out var done);
        Done = done;
        return backlog;
    }

    /// <summary>All of that is taken.</summary>
    public void Resume(long now) => _run?.Resume(now);

    /// <returns>False: the statement has another window or other functions, so that what was remembered is dropped.</returns>
    /// <param name="now">Unix milliseconds: from when windows are given though empty.</param>
    public bool Use(RulePlan plan, long now)
    {
        if (ReferenceEquals(plan, _plan))
            return true;
        var before = _run;
        (_plan, _run, _isDirty) = (plan, new SqlRun(plan.Statement, context, plan.Run), true);
        var isKept = before is null || _run.TryLoad(before.Save());
        _run.Resume(now);
        return isKept;
    }

    public IReadOnlyList<SqlFiring> Process(SqlMessage message, long position, bool explains)
    {
        var firings = _run!.Process(message, message.Timestamp, explains);
        _position = Math.Max(_position, position);
        _isDirty = true;
        return firings;
    }

    public IReadOnlyList<SqlFiring> Advance(long now)
    {
        var firings = _run?.Advance(now) ?? [];
        _isDirty |= firings.Count > 0;
        return firings;
    }

    public async Task SaveIfDueAsync(long now)
    {
        if (_isDirty && now >= _savedAt + (long)SaveEvery.TotalMilliseconds)
            await SaveAsync(now);
    }

    public async Task SaveAsync(long now)
    {
        if (_run is null || store is null)
            return;
        var position = _position;
        await store.SaveAsync(rule, position, SqlJson.ToUtf8(_run.Save()));
        journal.Saved(rule, position);
        (_isDirty, _savedAt) = (false, now);
    }
}
