namespace EdgeGateway.Rules.Sql;

/// <summary>
/// One evaluation under way: message, scope, variables, and what may still be spent. Failures are kept here, not thrown;
/// once there is one, every expression gives Undefined as quickly as it can.
/// </summary>
internal sealed class SqlEvaluation(SqlMessage message, SqlContext context, SqlVersion version)
{
    private long _started = context.Time.GetTimestamp();
    private Dictionary<string, SqlValue>? _variables;
    private int _steps;

    public SqlMessage Message => message;

    public SqlContext Context => context;

    public SqlVersion Version => version;

    public SqlScope? Scope { get; set; }

    public SqlFailure? Failure { get; set; }

    /// <summary>Values of the bound expressions; null where the statement has none.</summary>
    public SqlValue[]? Slots { get; init; }

    /// <summary>The window that fires; null outside one.</summary>
    public (long Start, long End)? Window { get; init; }

    /// <summary>The event time, Unix milliseconds; null: the message's own.</summary>
    public long? Time { get; init; }

    /// <summary>The rows that JOIN found, by the names the statement gives them.</summary>
    public Dictionary<string, SqlValue>? Joined { get; set; }

    public int TableLookups { get; set; }

    /// <summary>Begins anew with the same message, allocating nothing.</summary>
    /// <remarks>Hot path.</remarks>
    internal void Restart(SqlContext newContext, SqlVersion newVersion)
    {
        (context, version, _started, _steps) = (newContext, newVersion, newContext.Time.GetTimestamp(), 0);
        (Scope, Failure, Joined, TableLookups) = (null, null, null, 0);
        _variables?.Clear();
    }

    /// <summary>Counts a step of work; false once the budget is used up or something failed.</summary>
    public bool TryStep(int steps = 1)
    {
        if (Failure is not null)
            return false;
        var before = _steps >> 8;
        _steps += steps;
        if (_steps > context.Limits.MaxSteps)
            return FailLimit($"the statement took more than {context.Limits.MaxSteps} steps");
        if (_steps >> 8 != before && context.Time.GetElapsedTime(_started) > context.Limits.MaxTime)
            return FailLimit($"the statement took more than {context.Limits.MaxTime.TotalMilliseconds:0} ms");
        return true;
    }

    /// <summary>Charges for a text of this length, and refuses it above the limit.</summary>
    public bool MayHold(long length)
    {
        if (length > context.Limits.MaxResultBytes)
            return FailLimit($"a result grew beyond {context.Limits.MaxResultBytes} bytes");
        return TryStep(1 + (int)(length >> 10));
    }

    /// <summary>The value, or Undefined and a failure where its JSON would pass the limit.</summary>
    public SqlValue Hold(SqlValue value) => MayHold(value.Weight) ? value : default;

    public SqlValue Fail(string function, string message)
    {
        Failure ??= new SqlFailure(function, message, IsLimit: false);
        return default;
    }

    public bool FailLimit(string message)
    {
        Failure ??= new SqlFailure("sql", message, IsLimit: true);
        return false;
    }

    public SqlValue Variable(string name) => _variables is not null && _variables.TryGetValue(name, out var value) ? value : default;

    public void SetVariable(string name, SqlValue value) => (_variables ??= new(StringComparer.Ordinal))[name] = value;
}
