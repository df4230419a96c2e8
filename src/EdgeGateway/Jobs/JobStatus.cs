namespace EdgeGateway.Jobs;

/// <summary>How far a job is. The numbers are stored: never renumber.</summary>
public enum JobStatus
{
    Scheduled = 1,
    InProgress = 2,
    Completed = 3,
    Canceled = 4,
}
