namespace EdgeGateway.Rules;

/// <summary>How a rule fares since the start of the gateway.</summary>
/// <param name="Matched">Messages whose topic reached the rule.</param>
/// <param name="Evaluated">Of these, those evaluated so far.</param>
/// <param name="Fired">Of these, those whose WHERE was true.</param>
/// <param name="Failed">Evaluations and actions that failed for good.</param>
/// <param name="Dropped">Messages that found the rule's queue full.</param>
/// <param name="Queued">Messages waiting now.</param>
/// <param name="ActionsSucceeded">Actions done, the error action among them.</param>
/// <param name="EvaluationTime">Sum over all evaluations.</param>
/// <param name="SlowestEvaluation">The longest one.</param>
/// <param name="LastError">In words; null while there was none.</param>
public sealed record RuleStatus(
    long Matched,
    long Evaluated,
    long Fired,
    long Failed,
    long Dropped,
    int Queued,
    long ActionsSucceeded,
    TimeSpan EvaluationTime,
    TimeSpan SlowestEvaluation,
    string? LastError,
    DateTimeOffset? LastErrorAt,
    DateTimeOffset? LastFiredAt)
{
    /// <summary>Half of the evaluations took no longer (at most 25 % too high).</summary>
    public TimeSpan EvaluationP50 { get; init; }

    /// <summary>Of a hundred evaluations 99 took no longer (at most 25 % too high).</summary>
    public TimeSpan EvaluationP99 { get; init; }

    /// <summary>Of a rule that has done nothing yet.</summary>
    public static RuleStatus None { get; } = new(0, 0, 0, 0, 0, 0, 0, default, default, null, null, null);
}
