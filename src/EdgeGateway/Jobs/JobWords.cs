namespace EdgeGateway.Jobs;

/// <summary>AWS's spelling of states.</summary>
public static class JobWords
{
    public static string ToWire(this ExecutionStatus status) => status switch
    {
        ExecutionStatus.Queued => "QUEUED",
        ExecutionStatus.InProgress => "IN_PROGRESS",
        ExecutionStatus.Succeeded => "SUCCEEDED",
        ExecutionStatus.Failed => "FAILED",
        ExecutionStatus.TimedOut => "TIMED_OUT",
        ExecutionStatus.Rejected => "REJECTED",
        ExecutionStatus.Canceled => "CANCELED",
        _ => "REMOVED",
    };

    public static string ToWire(this JobStatus status) => status switch
    {
        JobStatus.Scheduled => "SCHEDULED",
        JobStatus.InProgress => "IN_PROGRESS",
        JobStatus.Completed => "COMPLETED",
        _ => "CANCELED",
    };

    /// <summary>Null for a word that is none.</summary>
    public static ExecutionStatus? ToExecutionStatus(string word) => Enum.GetValues<ExecutionStatus>().Where(status => status.ToWire() == word).Select(static status => (ExecutionStatus?)status).FirstOrDefault();

    /// <inheritdoc cref="ToExecutionStatus"/>
    public static JobStatus? ToJobStatus(string word) => Enum.GetValues<JobStatus>().Where(status => status.ToWire() == word).Select(static status => (JobStatus?)status).FirstOrDefault();

    /// <summary>Nothing changes any more.</summary>
    public static bool IsTerminal(this ExecutionStatus status) => status is not (ExecutionStatus.Queued or ExecutionStatus.InProgress);
}
