namespace EdgeGateway.Rules.Sql;

/// <summary>One window under way: per group the aggregates so far and the last message.</summary>
internal sealed class SqlPane(SqlEdge edge, long start, long end, bool holds = true)
{
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);
    private readonly List<Group> _order = [];
    private long _heldBytes;

    public long Start { get; } = start;

    public long End { get; set; } = end;

    /// <summary>Of the last message taken, event time.</summary>
    public long Last { get; private set; } = start;

    /// <summary>Messages that came when there were too many groups.</summary>
    public long Overflowed { get; private set; }

    /// <summary>Of streams that are joined: the messages themselves; null: aggregates.</summary>
    public List<SqlEvent>? Held { get; } = holds && edge.StreamJoins.Count > 0 ? [] : null;

    internal sealed class Group(string key, SqlAccumulator[] accumulators)
    {
        public string Key => key;

        public SqlAccumulator[] Accumulators => accumulators;

        public SqlEvent? Latest { get; set; }
    }

    public IReadOnlyList<Group> Groups => _order;

    public void Add(SqlEvent taken, SqlEvaluation evaluation, SqlRunOptions options)
    {
        Last = Math.Max(Last, taken.Time);
        if (Held is not null)
        {
            _heldBytes += taken.Size;
            if (Held.Count < options.MaxEvents && _heldBytes <= options.MaxEventBytes)
                Held.Add(taken);
            else
                Overflowed++;
            return;
        }
        var key = edge.GroupBy.Count == 0 ? "" : string.Join('\n', edge.GroupBy.Select(expression => SqlJson.ToText(expression.Evaluate(evaluation))));
        if (!_groups.TryGetValue(key, out var group))
        {
            if (_groups.Count >= options.MaxKeys)
            {
                Overflowed++;
                return;
            }
            group = Create(key);
        }
        for (var i = 0; i < group.Accumulators.Length; i++)
            group.Accumulators[i].Add([.. edge.Aggregates[i].Arguments.Select(argument => argument.Evaluate(evaluation))], taken.Time);
        group.Latest = taken;
    }

    public SqlValue Save()
    {
        var groups = new List<SqlValue>();
        foreach (var group in _order)
        {
            var saved = new SqlObject(3);
            saved.Set("k", group.Key);
            saved.Set("m", group.Latest!.Save());
            saved.Set("a", SqlValue.Array([.. group.Accumulators.Select(static accumulator => accumulator.Save())]));
            groups.Add(saved);
        }
        return Held is null
            ? ControlFunctions.Object(("s", Start), ("e", End), ("l", Last), ("g", SqlValue.Array(groups)))
            : ControlFunctions.Object(("s", Start), ("e", End), ("l", Last), ("g", SqlValue.Array([])), ("h", SqlValue.Array([.. Held.Select(static held => held.Save())])));
    }

    public static SqlPane Load(SqlEdge edge, SqlValue value)
    {
        var saved = value.AsObject;
        var pane = new SqlPane(edge, SqlEvent.Number(saved.Get("s")), SqlEvent.Number(saved.Get("e"))) { Last = SqlEvent.Number(saved.Get("l")) };
        if (pane.Held is not null && saved.Get("h") is { Kind: SqlKind.Array } held)
            pane.Held.AddRange(held.AsArray.Select(SqlEvent.Load));
        foreach (var item in saved.Get("g").AsArray)
        {
            var group = pane.Create(item.AsObject.Get("k").AsString);
            group.Latest = SqlEvent.Load(item.AsObject.Get("m"));
            var states = item.AsObject.Get("a").AsArray;
            for (var i = 0; i < group.Accumulators.Length && i < states.Count; i++)
                group.Accumulators[i].Load(states[i]);
        }
        return pane;
    }

    private Group Create(string key)
    {
        var group = new Group(key, [.. edge.Aggregates.Select(static aggregate => aggregate.Function.Create())]);
        _groups.Add(key, group);
        _order.Add(group);
        return group;
    }
}
