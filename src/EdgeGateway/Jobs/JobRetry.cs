namespace EdgeGateway.Jobs;

/// <summary>Another try for a thing that failed.</summary>
/// <param name="FailureType"><c>FAILED</c>, <c>TIMED_OUT</c> or <c>ALL</c>.</param>
/// <param name="Retries">1 to 10 after the first.</param>
public sealed record JobRetry(string FailureType, int Retries)
{
    public bool Covers(ExecutionStatus status) => FailureType switch
    {
        "FAILED" => status == ExecutionStatus.Failed,
        "TIMED_OUT" => status == ExecutionStatus.TimedOut,
        _ => status is ExecutionStatus.Failed or ExecutionStatus.TimedOut,
    };
}
