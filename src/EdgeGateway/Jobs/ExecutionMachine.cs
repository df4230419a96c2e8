namespace EdgeGateway.Jobs;

/// <summary>How an execution goes from state to state: pure, so that every path can be walked (AWS guide: Jobs).</summary>
internal static class ExecutionMachine
{
    private const long Minute = 60_000;

    /// <exception cref="JobException">Not from this state, or not at this version.</exception>
    public static JobExecution Update(JobExecution now, ExecutionUpdate update, int? timeoutMinutes, long time)
    {
        if (update.ExpectedVersion is { } expected && expected != now.Version)
            throw new JobException(JobErrorKind.VersionMismatch, $"expectedVersion is {expected}, but the execution is at version {now.Version}", now);
        if (now.Status.IsTerminal() || update.Status is not (ExecutionStatus.InProgress or ExecutionStatus.Succeeded or ExecutionStatus.Failed or ExecutionStatus.Rejected))
            throw new JobException(JobErrorKind.InvalidStateTransition, $"the execution is {now.Status.ToWire()} and cannot become {update.Status.ToWire()}", now);
        var next = now with
        {
            Status = update.Status, Version = now.Version + 1, UpdatedAt = time, Details = update.Details ?? now.Details,
            StartedAt = now.StartedAt ?? time,
            StepDeadline = update.StepTimeoutMinutes switch { null => now.StepDeadline, -1 => null, { } minutes => time + (minutes * Minute) },
        };
        if (now.Status == ExecutionStatus.Queued && next.Status == ExecutionStatus.InProgress)
            next = next with { Deadline = time + (timeoutMinutes * Minute) };
        return next.Status.IsTerminal() ? next with { Deadline = null, StepDeadline = null } : next;
    }

    /// <summary>A device takes its next job: one that it has begun already stays as it is.</summary>
    public static JobExecution Start(JobExecution now, IReadOnlyDictionary<string, string>? details, long? stepTimeoutMinutes, int? timeoutMinutes, long time) =>
        now.Status == ExecutionStatus.InProgress ? now : Update(now, new(ExecutionStatus.InProgress, details, null, stepTimeoutMinutes), timeoutMinutes, time);

    public static JobExecution TimeOut(JobExecution now, long time) => End(now, ExecutionStatus.TimedOut, time);

    /// <param name="force">One in progress too.</param>
    /// <exception cref="JobException">It has ended, or is in progress and it was not by force.</exception>
    public static JobExecution Cancel(JobExecution now, bool force, long? expectedVersion, IReadOnlyDictionary<string, string>? details, long time)
    {
        if (expectedVersion is { } expected && expected != now.Version)
            throw new JobException(JobErrorKind.VersionMismatch, $"expectedVersion is {expected}, but the execution is at version {now.Version}", now);
        if (now.Status.IsTerminal() || (now.Status == ExecutionStatus.InProgress && !force))
            throw new JobException(JobErrorKind.InvalidStateTransition, $"the execution is {now.Status.ToWire()}{(now.Status.IsTerminal() ? "" : "; force cancels it all the same")}", now);
        return End(now, ExecutionStatus.Canceled, time) with { Details = details ?? now.Details, ForceCanceled = force && now.Status == ExecutionStatus.InProgress };
    }

    /// <summary>The thing is gone, or no target any more.</summary>
    public static JobExecution Remove(JobExecution now, long time) => End(now, ExecutionStatus.Removed, time);

    /// <summary>Another run after one that failed; null: there are no retries left for it.</summary>
    public static JobExecution? Retry(JobExecution ended, IReadOnlyList<JobRetry> retries, long time) =>
        retries.Where(retry => retry.Covers(ended.Status)).Select(static retry => retry.Retries).DefaultIfEmpty(0).Max() > ended.RetryAttempt
            ? new JobExecution(ended.JobId, ended.Thing, ended.Number + 1) { RetryAttempt = ended.RetryAttempt + 1, QueuedAt = time, UpdatedAt = time }
            : null;

    private static JobExecution End(JobExecution now, ExecutionStatus status, long time) =>
        now with { Status = status, Version = now.Version + 1, UpdatedAt = time, Deadline = null, StepDeadline = null };
}
