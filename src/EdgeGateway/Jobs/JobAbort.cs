namespace EdgeGateway.Jobs;

/// <summary>When a job is given up.</summary>
/// <param name="FailureType"><c>FAILED</c>, <c>REJECTED</c>, <c>TIMED_OUT</c> or <c>ALL</c>.</param>
/// <param name="Percentage">Of the things that have ended, those that failed so.</param>
/// <param name="AtLeast">Things that must have ended before it counts.</param>
public sealed record JobAbort(string FailureType, double Percentage, int AtLeast)
{
    /// <param name="counts">How many things are in each state.</param>
    public bool IsMet(IReadOnlyDictionary<ExecutionStatus, long> counts)
    {
        long Of(ExecutionStatus status) => counts.GetValueOrDefault(status);
        var failed = FailureType switch
        {
            "FAILED" => Of(ExecutionStatus.Failed),
            "REJECTED" => Of(ExecutionStatus.Rejected),
            "TIMED_OUT" => Of(ExecutionStatus.TimedOut),
            _ => Of(ExecutionStatus.Failed) + Of(ExecutionStatus.Rejected) + Of(ExecutionStatus.TimedOut),
        };
        var ended = Of(ExecutionStatus.Succeeded) + Of(ExecutionStatus.Failed) + Of(ExecutionStatus.Rejected) + Of(ExecutionStatus.TimedOut);
        return ended >= AtLeast && ended > 0 && failed * 100.0 / ended >= Percentage;
    }
}
