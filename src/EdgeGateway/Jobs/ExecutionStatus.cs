namespace EdgeGateway.Jobs;

/// <summary>How far one thing is with a job. The numbers are stored: never renumber.</summary>
public enum ExecutionStatus
{
    Queued = 1,
    InProgress = 2,
    Succeeded = 3,
    Failed = 4,
    TimedOut = 5,
    Rejected = 6,
    Canceled = 7,
    Removed = 8,
}
