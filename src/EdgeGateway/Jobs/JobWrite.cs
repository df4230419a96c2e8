using EdgeGateway.Messaging;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Jobs;

/// <summary>
/// One write in the making, on the storage writer inside its transaction: what it changes in the tables, and what is to be told once it is durable. Whoever
/// refuses does so before anything changed.
/// </summary>
/// <param name="now">Unix time in milliseconds.</param>
internal sealed class JobWrite(SqliteConnection connection, long now, JobEvents events)
{
    /// <summary>Entries of a notification (AWS guide: Jobs device API).</summary>
    public const int MostPending = 10;

    private readonly List<ApplicationMessage> _messages = [];
    private readonly Dictionary<string, List<JobExecution>> _before = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _settled = new(StringComparer.Ordinal); // jobs whose end is to be looked at

    public SqliteConnection Connection => connection;
    public long Now => now;

    /// <exception cref="JobException">There is none.</exception>
    public Job Job(string id) => _jobs.TryGetValue(id, out var known) ? known : _jobs[id] = JobStore.Find(connection, id) ?? throw JobException.NoJob(id);

    public void Put(Job job)
    {
        _jobs[job.Id] = job;
        JobStore.Put(connection, job);
    }

    /// <summary>Puts a changed or new execution, and the next run where this one failed and there are retries.</summary>
    public void Put(JobExecution execution)
    {
        Touch(execution.Thing);
        JobStore.Put(connection, execution);
        _settled.Add(execution.JobId);
        if (!execution.Status.IsTerminal())
            return;
        events.Add(_messages, execution, now);
        var job = Job(execution.JobId);
        if (execution.Status == ExecutionStatus.Succeeded)
            foreach (var version in job.Settings.PackageVersions)
                JobStore.AddInstalled(connection, execution.Thing, version);
        if (job.Status == JobStatus.InProgress && ExecutionMachine.Retry(execution, job.Settings.Retries, now) is { } again)
            JobStore.Put(connection, again);
    }

    public void Delete(JobExecution execution)
    {
        Touch(execution.Thing);
        JobStore.Delete(connection, execution);
        events.AddDeleted(_messages, execution, now);
        _settled.Add(execution.JobId);
    }

    public void Delete(Job job)
    {
        foreach (var execution in JobStore.Unended(connection, job.Id))
            Touch(execution.Thing);
        events.Add(_messages, job, "deleted", JobStore.Counts(connection, job.Id), now);
        JobStore.Delete(connection, job.Id);
        _jobs.Remove(job.Id);
        _settled.Remove(job.Id);
    }

    /// <summary>The job's end is to be looked at, as something of it changed.</summary>
    public void Settle(string job) => _settled.Add(job);

    /// <summary>Cancels what is queued, and by force what is in progress.</summary>
    public void Cancel(Job job, bool force, string? reasonCode, string? comment)
    {
        JobStore.RemoveTargets(connection, job.Id);
        foreach (var execution in JobStore.Unended(connection, job.Id))
            if (force || execution.Status == ExecutionStatus.Queued)
                Put(ExecutionMachine.Cancel(execution, force, null, null, now));
        var canceled = job with { Status = JobStatus.Canceled, ReasonCode = reasonCode, Comment = comment ?? job.Comment, ForceCanceled = force, UpdatedAt = now, CompletedAt = now };
        Put(canceled);
        events.Add(_messages, canceled, "canceled", JobStore.Counts(connection, job.Id), now);
    }

    /// <summary>Looks at the ends of jobs, and gathers what is to be told.</summary>
    public IReadOnlyList<ApplicationMessage> Finish()
    {
        while (_settled.Count > 0)
        {
            var id = _settled.First();
            _settled.Remove(id);
            LookAtEnd(Job(id));
        }
        foreach (var (thing, before) in _before)
            Notify(thing, before);
        return _messages;
    }

    private void LookAtEnd(Job job)
    {
        if (job.Status != JobStatus.InProgress)
            return;
        var counts = JobStore.Counts(connection, job.Id);
        if (job.Settings.Aborts.FirstOrDefault(abort => abort.IsMet(counts)) is { } met)
        {
            Cancel(job, force: false, "AbortConfig", $"{met.Percentage} % or more of at least {met.AtLeast} things that ended are {met.FailureType}");
            return;
        }
        if (job.IsContinuous || counts.GetValueOrDefault(ExecutionStatus.Queued) + counts.GetValueOrDefault(ExecutionStatus.InProgress) > 0
            || (!job.IsRolloutStopped && JobStore.TargetCount(connection, job.Id) > 0))
            return;
        var completed = job with { Status = JobStatus.Completed, UpdatedAt = now, CompletedAt = now };
        Put(completed);
        events.Add(_messages, completed, "completed", counts, now);
    }

    private void Touch(string thing)
    {
        if (!_before.ContainsKey(thing))
            _before[thing] = JobStore.Pending(connection, thing, MostPending);
    }

    // notify where the set of what is pending changed, notify-next where another is the first now.
    private void Notify(string thing, List<JobExecution> before)
    {
        var after = JobStore.Pending(connection, thing, MostPending);
        if (!Identities(before).SetEquals(Identities(after)))
            _messages.Add(events.To($"$aws/things/{thing}/jobs/notify", JobMessages.Notify(after, now)));
        if (before.FirstOrDefault() is var was && after.FirstOrDefault() is var next && (was?.JobId, was?.Number) != (next?.JobId, next?.Number))
            _messages.Add(events.To($"$aws/things/{thing}/jobs/notify-next", JobMessages.NotifyNext(next is null ? null : (next, Job(next.JobId)), now)));
    }

    private static HashSet<(string, long)> Identities(List<JobExecution> executions) => [.. executions.Select(static execution => (execution.JobId, execution.Number))];
}
