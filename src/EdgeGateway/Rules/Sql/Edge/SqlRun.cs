namespace EdgeGateway.Rules.Sql;

/// <summary>
/// A stateful statement at work (docs/rules.md). For each message: stateful functions, WHERE, window, groups and aggregates,
/// HAVING, SELECT, ORDER, LIMIT. Time comes with the calls, so that a dry run can have its own.
/// </summary>
/// <remarks>Not for several threads at once.</remarks>
internal sealed class SqlRun
{
    private const int StateVersion = 1;
    private readonly SqlStatement _statement;
    private readonly SqlEdge _edge;
    private readonly SqlContext _context;
    private readonly SqlRunOptions _options;
    private readonly AnalyticStates[] _analytics;
    private readonly SqlWindowRun? _window;
    private readonly SqlObject _memory = new();
    private long _hits;
    private long? _lastHit;

    public SqlRun(SqlStatement statement, SqlContext context, SqlRunOptions options)
    {
        (_statement, _edge, _context, _options) = (statement, statement.Edge!, context, options);
        _analytics = [.. _edge.Analytics.Select(_ => new AnalyticStates(options.MaxKeys))];
        _window = _edge.Window is { } window ? SqlWindowRun.Create(window, _edge, options, context.Time) : null;
    }

    /// <summary>Why the last message did not get through WHERE, in words; null where it did.</summary>
    public string? WhyNot { get; private set; }

    /// <summary>Messages that came after their window had closed.</summary>
    public long Late => _window?.Late ?? 0;

    /// <summary>Keys and messages given up because there were too many.</summary>
    public long Evicted => _analytics.Sum(static states => states.Evicted) + (_window?.Evicted ?? 0);

    /// <summary>When <see cref="Advance"/> has something to do, Unix milliseconds; null: not before another message.</summary>
    public long? NextDeadline
    {
        get
        {
            var timed = _edge.Analytics.Any(static analytic => analytic.Function.IsTimed) ? _analytics.SelectMany(static states => states.All).Min(static entry => entry.Due) : null;
            return timed is { } due && _window?.NextDeadline is { } end ? Math.Min(due, end) : timed ?? _window?.NextDeadline;
        }
    }

    /// <param name="now">The clock, Unix milliseconds.</param>
    /// <param name="explains">Whether <see cref="WhyNot"/> is wanted.</param>
    public IReadOnlyList<SqlFiring> Process(SqlMessage message, long now, bool explains = false)
    {
        var firings = new List<SqlFiring>(Advance(now));
        Handle(message, now, explains, firings);
        return firings;
    }

    private void Handle(SqlMessage message, long now, bool explains, List<SqlFiring> firings)
    {
        WhyNot = null;
        var evaluation = Begin(message, null, null);
        if (TimeOf(evaluation, message) is not { } time)
        {
            firings.Add(Failed(message, "eventTime", "the message has no event time, or none that is a number"));
            return;
        }
        var slots = evaluation.Slots!;
        Remember(evaluation, new SqlEvent(message, time, slots), time, isBehindWhere: false);
        Take(new SqlEvent(message, time, slots), evaluation, now, explains, firings);
    }

    /// <summary>What time alone brings about: windows that end, keys that fell silent.</summary>
    public IReadOnlyList<SqlFiring> Advance(long now)
    {
        var firings = new List<SqlFiring>();
        for (var i = 0; i < _analytics.Length; i++)
        {
            foreach (var entry in _analytics[i].All.Where(entry => entry.Due <= now).ToList())
                Speak(i, entry, now, firings);
        }
        foreach (var pane in _window?.Advance(now) ?? [])
            Fire(pane, now, firings);
        return firings;
    }

    /// <summary>The state was loaded and what came after it taken once more: from here on silence is the source's own.</summary>
    public void Resume(long now) => _window?.Resume(now);

    /// <summary>Everything that must outlive the process, as JSON.</summary>
    public SqlValue Save()
    {
        var saved = new SqlObject(8);
        saved.Set("version", StateVersion);
        saved.Set("signature", _edge.Signature);
        saved.Set("hits", _hits);
        if (_lastHit is { } hit)
            saved.Set("lastHit", hit);
        saved.Set("memory", _memory.Copy());
        saved.Set("analytics", SqlValue.Array([.. _analytics.Select(static states => states.Save())]));
        if (_window is not null)
            saved.Set("window", _window.Save());
        return saved;
    }

    /// <returns>False where the state belongs to another window or other functions: it is dropped.</returns>
    public bool TryLoad(SqlValue state)
    {
        if (state.Kind != SqlKind.Object || state.AsObject.Get("signature") is not { Kind: SqlKind.String } signature || signature.AsString != _edge.Signature
            || SqlEvent.Number(state.AsObject.Get("version")) != StateVersion)
            return false;
        var saved = state.AsObject;
        _hits = SqlEvent.Number(saved.Get("hits"));
        _lastHit = saved.TryGet("lastHit", out var hit) ? SqlEvent.Number(hit) : null;
        for (var i = 0; i < saved.Get("memory").AsObject.Count; i++)
            _memory.Set(saved.Get("memory").AsObject[i].Key, saved.Get("memory").AsObject[i].Value);
        for (var i = 0; i < _analytics.Length; i++)
            _analytics[i].Load(saved.Get("analytics").AsArray[i]);
        _window?.Load(saved.Get("window"), this.Reopen);
        return true;
    }

    private SqlEvaluation Begin(SqlMessage message, SqlValue[]? slots, (long, long)? window, long? time = null) =>
        new(message, _context, _statement.Version) { Slots = slots ?? new SqlValue[_edge.Slots], Window = window, Time = time };

    // An evaluation that sees what a held message saw.
    private SqlEvaluation Reopen(SqlEvent held)
    {
        var evaluation = Begin(held.Message, held.Slots, null, held.Time);
        if (_edge.StreamJoins.Count > 0)
            evaluation.Joined = SqlJoinedRows.Alone(_statement, held.Message);
        else
            _statement.Prepare(evaluation);
        return evaluation;
    }

    private long? TimeOf(SqlEvaluation evaluation, SqlMessage message)
    {
        if (_options.EventTime is not { } expression)
            return message.Timestamp;
        return expression.Evaluate(evaluation).TryNumber(out var time) ? (long)(time.ToDouble() * _options.EventTimeUnit) : null;
    }

    // Stateful functions see every message, before WHERE (docs/rules.md).
    private void Remember(SqlEvaluation evaluation, SqlEvent taken, long time, bool isBehindWhere)
    {
        for (var i = 0; i < _analytics.Length; i++)
        {
            var analytic = _edge.Analytics[i];
            if (analytic.Function.IsBehindWhere != isBehindWhere)
                continue;
            var key = analytic.Over.Partition.Count == 0 ? "" : string.Join('\n', analytic.Over.Partition.Select(part => SqlJson.ToText(part.Evaluate(evaluation))));
            var entry = _analytics[i].Of(key);
            if (analytic.Over.When is not { } when || (when.Evaluate(evaluation).TryBoolean(out var counts) && counts))
            {
                IReadOnlyList<SqlValue> arguments = [.. analytic.Arguments.Select(argument => argument.Evaluate(evaluation))];
                (entry.State, entry.Value) = analytic.Function.Body(entry.State, arguments, new SqlMoment(time, _hits, _lastHit, _memory));
                if (analytic.Function.TimedBy >= 0 && arguments[analytic.Function.TimedBy].TryNumber(out var after))
                    (entry.Due, entry.Latest) = (taken.Message.Timestamp + (long)after.ToDouble(), taken);
                else if (analytic.Function.HoldsUntil is { } holds)
                {
                    entry.Due = entry.Value.IsTrue ? null : holds(entry.State, arguments);
                    entry.Latest = entry.Due is null ? null : taken;
                }
            }
            evaluation.Slots![analytic.Slot] = entry.Value;
        }
    }

    private void Take(SqlEvent taken, SqlEvaluation evaluation, long now, bool explains, List<SqlFiring> firings)
    {
        if (_edge.StreamJoins.Count > 0)
        {
            // What is not in one message alone is asked of the rows, when the window ends.
            evaluation.Joined = SqlJoinedRows.Alone(_statement, taken.Message);
        }
        else if (!_statement.Prepare(evaluation) || !Passes(evaluation))
        {
            if (evaluation.Failure is { } failure)
                firings.Add(new(taken.Message, new SqlResult.Failed(failure)));
            else if (explains)
                WhyNot = _statement.Where is { } where ? new SqlExplanation(evaluation).WhyNot(where) : "a JOIN found no row";
            return;
        }
        Remember(evaluation, taken, taken.Time, isBehindWhere: true);
        if (_window is null)
        {
            Emit(taken.Message, [evaluation], now, firings);
            return;
        }
        var late = _window.Late;
        foreach (var pane in _window.Add(taken, evaluation, now, Reopen))
            Fire(pane, now, firings);
        if (_window.Late > late)
        {
            WhyNot = "the message is late: its window has ended";
            if (_options.WantsLate)
                firings.Add(new(taken.Message, new SqlResult.Output(taken.Message.Payload, taken.Message.Body.Kind is SqlPayloadKind.Object or SqlPayloadKind.Array or SqlPayloadKind.Scalar, taken.Message.Body.Root(_statement.Version))) { IsLate = true });
            return;
        }
        if (explains && firings.Count == 0)
            WhyNot = "the message is in a window that has not ended yet";
    }

    private bool Passes(SqlEvaluation evaluation) =>
        _statement.Where is not { } where || (where.Evaluate(evaluation).TryBoolean(out var passes) && passes && evaluation.Failure is null);

    private void Speak(int index, AnalyticStates.Entry entry, long now, List<SqlFiring> firings)
    {
        var due = entry.Due ?? now;
        entry.Due = null;
        if (entry.Latest is not { } latest)
            return;
        if (_edge.Analytics[index].Function.Spoken is { } spoke)
            (entry.State, entry.Latest) = (spoke(entry.State, due), null);
        var slots = (SqlValue[])latest.Slots.Clone();
        slots[_edge.Analytics[index].Slot] = true;
        var spoken = latest with { Slots = slots };
        Take(spoken, Begin(spoken.Message, slots, null, spoken.Time), now, explains: false, firings);
    }

    private void Fire(SqlPane pane, long now, List<SqlFiring> firings)
    {
        var rows = new List<SqlEvaluation>();
        if (pane.Held is { } held)
            pane = Join(held, pane, rows, firings);
        else if (pane.Groups.Count == 0 && _options.EmitsEmpty)
            AddIfWanted(Empty(pane), rows);
        foreach (var group in pane.Groups)
        {
            var evaluation = Open(group.Latest!, group.Accumulators, pane);
            _statement.Prepare(evaluation);
            AddIfWanted(evaluation, rows);
        }
        Emit(null, rows, now, firings);
    }

    // The rows of joined streams that meet WHERE: one by one, or in groups where something is reckoned over them.
    private SqlPane Join(List<SqlEvent> held, SqlPane window, List<SqlEvaluation> rows, List<SqlFiring> firings)
    {
        var grouped = new SqlPane(_edge, window.Start, window.End, holds: false);
        var join = new SqlJoinedRows(_statement, _context, _options);
        var joined = join.Of(held);
        if (join.Failure is { } failure)
            firings.Add(new(held[^1].Message, new SqlResult.Failed(failure)));
        var isRowByRow = _edge.GroupBy.Count == 0 && _edge.Aggregates.Count == 0;
        foreach (var row in joined)
        {
            var evaluation = Open(row, [], window);
            if (!_statement.Prepare(evaluation) || !Passes(evaluation))
            {
                if (evaluation.Failure is { } broken)
                    firings.Add(new(row.Message, new SqlResult.Failed(broken)));
            }
            else if (isRowByRow)
            {
                AddIfWanted(evaluation, rows);
            }
            else
            {
                grouped.Add(row, evaluation, _options);
            }
        }
        if (held.Count == 0 && _options.EmitsEmpty)
            AddIfWanted(Empty(window), rows);
        return grouped;
    }

    private SqlEvaluation Open(SqlEvent taken, SqlAccumulator[] accumulators, SqlPane pane)
    {
        var slots = (SqlValue[])taken.Slots.Clone();
        for (var i = 0; i < accumulators.Length; i++)
            slots[_edge.Aggregates[i].Slot] = accumulators[i].Result(pane.End);
        var evaluation = Begin(taken.Message, slots, (pane.Start, pane.End), taken.Time);
        evaluation.Joined = taken.Joined is { } joined ? new(joined, StringComparer.Ordinal) : null;
        return evaluation;
    }

    // A window nothing was in: its aggregates are those of nothing.
    private SqlEvaluation Empty(SqlPane pane)
    {
        var message = new SqlMessage { Topic = "", Payload = "{}"u8.ToArray(), Timestamp = pane.End };
        var evaluation = Open(new SqlEvent(message, pane.End, new SqlValue[_edge.Slots]), [.. _edge.Aggregates.Select(static aggregate => aggregate.Function.Create())], pane);
        _statement.Assign(evaluation);
        return evaluation;
    }

    private void AddIfWanted(SqlEvaluation row, List<SqlEvaluation> rows)
    {
        if (_edge.Having is not { } having || (having.Evaluate(row).TryBoolean(out var holds) && holds))
            rows.Add(row);
    }

    private void Emit(SqlMessage? message, List<SqlEvaluation> rows, long now, List<SqlFiring> firings)
    {
        IEnumerable<SqlEvaluation> ordered = rows;
        if (_edge.OrderBy.Count > 0)
            ordered = rows.Order(Comparer<SqlEvaluation>.Create(Compare));
        var count = 0;
        foreach (var row in ordered.Take(_edge.Limit ?? int.MaxValue))
        {
            foreach (var result in _statement.SelectMany(row))
            {
                firings.Add(new(message ?? row.Message, result));
                count += result is SqlResult.Output ? 1 : 0;
            }
        }
        if (count == 0)
            return;
        _hits++;
        _lastHit = now;
    }

    private int Compare(SqlEvaluation left, SqlEvaluation right)
    {
        foreach (var (key, isDescending) in _edge.OrderBy)
        {
            var (a, b) = (key.Evaluate(left), key.Evaluate(right));
            var order = SqlOperators.Compare(a, b) ?? string.CompareOrdinal(a.ToStringOrNull(), b.ToStringOrNull());
            if (order != 0)
                return isDescending ? -order : order;
        }
        return 0;
    }

    private static SqlFiring Failed(SqlMessage message, string function, string why) => new(message, new SqlResult.Failed(new SqlFailure(function, why, IsLimit: false)));
}
