namespace EdgeGateway.Rules.Sql;

/// <summary>Gives the next state and the value for one message; both are values, so that a state can be kept on disk.</summary>
/// <param name="state">Undefined before the first message.</param>
internal delegate (SqlValue State, SqlValue Value) SqlAnalyticBody(SqlValue state, IReadOnlyList<SqlValue> arguments, SqlMoment moment);

/// <param name="TimedBy">Index of the argument with the milliseconds after which the function speaks without a message; negative: it never does.</param>
internal sealed record SqlAnalytic(string Name, int MinArguments, int MaxArguments, SqlAnalyticBody Body, int TimedBy = -1)
{
    /// <summary>It compares with what was emitted last, so it is asked behind WHERE.</summary>
    public bool IsBehindWhere { get; init; }

    /// <summary>
    /// For a function that holds a message back and speaks about it later: when it does, from its state; null: it holds none. Given instead
    /// of a time after each message.
    /// </summary>
    public Func<SqlValue, IReadOnlyList<SqlValue>, long?>? HoldsUntil { get; init; }

    /// <summary>The state once it has spoken, from the moment it was due.</summary>
    public Func<SqlValue, long, SqlValue>? Spoken { get; init; }

    /// <summary>It may have something to say without a message.</summary>
    public bool IsTimed => TimedBy >= 0 || HoldsUntil is not null;
}
