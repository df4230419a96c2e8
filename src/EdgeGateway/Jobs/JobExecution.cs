namespace EdgeGateway.Jobs;

/// <summary>One thing's run of a job.</summary>
/// <param name="Number">Counts the runs of the job on the thing, from 1.</param>
public sealed record JobExecution(string JobId, string Thing, long Number)
{
    public ExecutionStatus Status { get; init; } = ExecutionStatus.Queued;
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();

    /// <summary>1 at first, one more with each change.</summary>
    public long Version { get; init; } = 1;

    /// <summary>Runs before this one that failed.</summary>
    public int RetryAttempt { get; init; }

    /// <summary>Unix time in milliseconds, as all times here.</summary>
    public long QueuedAt { get; init; }

    public long? StartedAt { get; init; }
    public long UpdatedAt { get; init; }

    /// <summary>When it times out as a whole; null: never.</summary>
    public long? Deadline { get; init; }

    /// <summary>When its present step times out; null: never.</summary>
    public long? StepDeadline { get; init; }

    public bool ForceCanceled { get; init; }

    /// <summary>The earlier of the two deadlines; null while neither is set, or it has ended.</summary>
    public long? NextDeadline => Status != ExecutionStatus.InProgress ? null : (Deadline, StepDeadline) switch
    {
        ({ } whole, { } step) => Math.Min(whole, step),
        var (whole, step) => whole ?? step,
    };
}
