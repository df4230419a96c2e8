using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Storage;

namespace EdgeGateway.Jobs;

/// <summary>
/// Every write is one transaction that looks, decides by <see cref="ExecutionMachine"/>, and gathers what is to be told; it is told in the order of the
/// writes once it is on disk. After a crash between the two a device that asks gets the same answer.
/// </summary>
internal sealed class JobService(Database database, IThingCatalog catalog, IThingGroups groups, IMessageBus bus, JobEvents events, GatewayOptions gateway, TimeProvider time) : IJobs, IInstalledPackages, IDisposable
{
    private const int ThingsPerWrite = 500; // of a job without a rate; the rest follows in writes of their own, so that others get their turn
    private readonly Queue<Telling> _outgoing = new(); // in the order of the writes, also those that are not on disk yet; guards itself
    private readonly SemaphoreSlim _telling = new(1, 1);
    private readonly ClockSteps _clock = new(time);

    /// <summary>Something may be due earlier than before.</summary>
    public event Action? Changed;

    public event Action? Installed;

    public IReadOnlyList<Job> All => database.Read(JobStore.All);

    public IReadOnlyList<JobTemplate> Templates => database.Read(JobStore.Templates);

    public Job? Find(string id) => database.Read(connection => JobStore.Find(connection, id));

    public JobTemplate? FindTemplate(string id) => database.Read(connection => JobStore.FindTemplate(connection, id));

    public JobView? View(string id) => database.Read(connection =>
        JobStore.Find(connection, id) is { } job ? new JobView(job, JobStore.TargetCount(connection, id), JobStore.Counts(connection, id)) : null);

    public IReadOnlyList<JobExecution> ExecutionsOf(string job) => database.Read(connection => JobStore.OfJob(connection, job, latest: true));

    public IReadOnlyList<JobExecution> ExecutionsFor(string thing) => database.Read(connection => JobStore.OfThing(connection, thing));

    public JobExecution? Execution(string job, string thing, long? number) => database.Read(connection => JobStore.Find(connection, job, thing, number));

    public IReadOnlyList<JobExecution> Pending(string thing, int atMost) => database.Read(connection => JobStore.Pending(connection, thing, atMost));

    public async Task<Job> CreateAsync(Job job, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        JobRules.Id("jobId", job.Id);
        JobRules.Check(job.Settings);
        JobRules.Check(job.Schedule, job.IsContinuous, now);
        if (job.Targets.Count is 0 or > JobRules.MaxTargets)
            throw JobException.Invalid($"targets has {job.Targets.Count} members, expected 1 to {JobRules.MaxTargets}");
        foreach (var target in job.Targets)
            RequireTarget(target, onlyGroups: false);
        var made = await WriteAsync(
            write =>
            {
                if (JobStore.Find(write.Connection, job.Id) is not null)
                    throw new JobException(JobErrorKind.ResourceAlreadyExists, $"job {job.Id} exists already");
                var starts = job.Schedule.StartAt is null;
                var created = job with { Status = starts ? JobStatus.InProgress : JobStatus.Scheduled, CreatedAt = write.Now, UpdatedAt = write.Now };
                write.Put(created);
                if (starts)
                    Begin(write, created);
                return write.Job(job.Id);
            },
            cancellationToken);
        Changed?.Invoke();
        return made;
    }

    public async Task<Job> UpdateAsync(string id, Func<JobSettings, JobSettings> change, CancellationToken cancellationToken)
    {
        var updated = await WriteAsync(
            write =>
            {
                var job = write.Job(id);
                var settings = change(job.Settings);
                JobRules.Check(settings);
                var next = job with { Settings = settings, UpdatedAt = write.Now };
                write.Put(next);
                write.Settle(id);
                return next;
            },
            cancellationToken);
        Changed?.Invoke();
        return updated;
    }

    public async Task<Job> AssociateAsync(string id, IReadOnlyList<string> targets, string? comment, CancellationToken cancellationToken)
    {
        if (targets.Count is 0 or > JobRules.MaxTargets)
            throw JobException.Invalid($"targets has {targets.Count} members, expected 1 to {JobRules.MaxTargets}");
        foreach (var target in targets)
            RequireTarget(target, onlyGroups: true);
        var job = await WriteAsync(
            write =>
            {
                var job = write.Job(id);
                if (!job.IsContinuous || job.Status != JobStatus.InProgress)
                    throw JobException.Invalid($"job {id} is {(job.IsContinuous ? job.Status.ToWire() : "SNAPSHOT")}: targets are added to continuous jobs in progress");
                var next = job with { Targets = [.. job.Targets.Union(targets)], Comment = comment ?? job.Comment, UpdatedAt = write.Now };
                if (next.Targets.Count > JobRules.MaxTargets)
                    throw JobException.Invalid($"job {id} would have {next.Targets.Count} targets, allowed are at most {JobRules.MaxTargets}");
                write.Put(next);
                AddTargets(write, next, ThingsOf(targets));
                Roll(write, next);
                return write.Job(id);
            },
            cancellationToken);
        Changed?.Invoke();
        return job;
    }

    public Task<Job> CancelAsync(string id, bool force, string? reasonCode, string? comment, CancellationToken cancellationToken) => WriteAsync(
        write =>
        {
            var job = write.Job(id);
            if (job.Status is JobStatus.Completed or JobStatus.Canceled)
                throw JobException.Invalid($"job {id} is {job.Status.ToWire()} already");
            write.Cancel(job, force, reasonCode, comment);
            return write.Job(id);
        },
        cancellationToken);

    public Task DeleteAsync(string id, bool force, CancellationToken cancellationToken) => WriteAsync(
        write =>
        {
            var job = write.Job(id);
            if (!force && job.Status is not (JobStatus.Completed or JobStatus.Canceled))
                throw new JobException(JobErrorKind.InvalidStateTransition, $"job {id} is {job.Status.ToWire()}: cancel it first, or force it");
            write.Delete(job);
            return true;
        },
        cancellationToken);

    public Task CancelExecutionAsync(string job, string thing, bool force, long? expectedVersion, IReadOnlyDictionary<string, string>? details, CancellationToken cancellationToken)
    {
        JobRules.Details(details, JobRules.MaxDetails);
        return WriteAsync(
            write =>
            {
                var execution = JobStore.Find(write.Connection, write.Job(job).Id, thing) ?? throw JobException.NoExecution(job, thing);
                write.Put(ExecutionMachine.Cancel(execution, force, expectedVersion, details, write.Now));
                return true;
            },
            cancellationToken);
    }

    public Task DeleteExecutionAsync(string job, string thing, long number, bool force, CancellationToken cancellationToken) => WriteAsync(
        write =>
        {
            var execution = JobStore.Find(write.Connection, write.Job(job).Id, thing, number) ?? throw JobException.NoExecution(job, thing);
            if (execution.Status == ExecutionStatus.InProgress && !force)
                throw new JobException(JobErrorKind.InvalidStateTransition, $"the execution is {execution.Status.ToWire()}; force deletes it all the same", execution);
            if (execution.Status == ExecutionStatus.Queued && !force)
                throw new JobException(JobErrorKind.InvalidStateTransition, $"the execution is {execution.Status.ToWire()}: cancel it first, or force it", execution);
            write.Delete(execution);
            return true;
        },
        cancellationToken);

    public async Task<JobExecution?> StartNextAsync(string thing, IReadOnlyDictionary<string, string>? details, long? stepTimeoutMinutes, CancellationToken cancellationToken)
    {
        JobRules.Details(details);
        JobRules.StepTimeout(stepTimeoutMinutes);
        var started = await WriteAsync(
            write =>
            {
                if (JobStore.Pending(write.Connection, thing, 1) is not [var next])
                    return null;
                var begun = ExecutionMachine.Start(next, details, stepTimeoutMinutes, write.Job(next.JobId).Settings.TimeoutMinutes, write.Now);
                if (begun != next)
                    write.Put(begun);
                return begun;
            },
            cancellationToken);
        Changed?.Invoke();
        return started;
    }

    public async Task<JobExecution> UpdateExecutionAsync(string job, string thing, long? number, ExecutionUpdate update, CancellationToken cancellationToken)
    {
        JobRules.Details(update.Details);
        JobRules.StepTimeout(update.StepTimeoutMinutes);
        var updated = await WriteAsync(
            write =>
            {
                var known = JobStore.Find(write.Connection, job) is null ? null : JobStore.Find(write.Connection, job, thing, number);
                var next = ExecutionMachine.Update(known ?? throw JobException.NoExecution(job, thing), update, write.Job(job).Settings.TimeoutMinutes, write.Now);
                write.Put(next);
                return next;
            },
            cancellationToken);
        Changed?.Invoke();
        if (updated.Status == ExecutionStatus.Succeeded)
            Installed?.Invoke();
        return updated;
    }

    public IReadOnlyList<InstalledPackage> Waiting(int atMost) => database.Read(connection => JobStore.Installed(connection, atMost));

    public Task SettleAsync(long number) => database.WriteAsync(connection => JobStore.RemoveInstalled(connection, number));

    public Task CreateTemplateAsync(JobTemplate template, CancellationToken cancellationToken)
    {
        JobRules.Id("jobTemplateId", template.Id);
        JobRules.Check(template.Settings);
        JobRules.Check(template.Windows);
        return WriteAsync(
            write =>
            {
                if (JobStore.FindTemplate(write.Connection, template.Id) is not null)
                    throw new JobException(JobErrorKind.Conflict, $"job template {template.Id} exists already");
                JobStore.Put(write.Connection, template with { CreatedAt = write.Now });
                return true;
            },
            cancellationToken);
    }

    public Task DeleteTemplateAsync(string id, CancellationToken cancellationToken) => WriteAsync(
        write =>
        {
            if (JobStore.FindTemplate(write.Connection, id) is null)
                throw new JobException(JobErrorKind.ResourceNotFound, $"job template {id} is not there");
            JobStore.DeleteTemplate(write.Connection, id);
            return true;
        },
        cancellationToken);

    /// <summary>A thing joined a group: continuous jobs of that group, or of one above it, are its own too.</summary>
    public async Task JoinedAsync(string thing, string group, CancellationToken cancellationToken)
    {
        var targets = groups.AncestorsOf(group).Select(static ancestor => ancestor.Name).Append(group).Select(GroupArn).ToHashSet(StringComparer.Ordinal);
        await WriteAsync(
            write =>
            {
                foreach (var job in JobStore.Active(write.Connection).Where(job => job is { IsContinuous: true, Status: JobStatus.InProgress } && job.Targets.Any(targets.Contains)))
                {
                    AddTargets(write, job, [thing]);
                    Roll(write, job);
                }
                return true;
            },
            cancellationToken);
        Changed?.Invoke();
    }

    /// <summary>A thing left a group: of continuous jobs it is no target of any more, what is queued is removed.</summary>
    public Task LeftAsync(string thing, CancellationToken cancellationToken) => WriteAsync(
        write =>
        {
            var mine = catalog.GroupsOf(thing).Select(GroupArn).Append(gateway.Arn($"thing/{thing}")).ToHashSet(StringComparer.Ordinal);
            foreach (var job in JobStore.Active(write.Connection).Where(job => job.IsContinuous && !job.Targets.Any(mine.Contains)))
            {
                JobStore.RemoveTarget(write.Connection, job.Id, thing);
                if (JobStore.Find(write.Connection, job.Id, thing) is { Status: ExecutionStatus.Queued } queued)
                    write.Put(ExecutionMachine.Remove(queued, write.Now));
            }
            return true;
        },
        cancellationToken);

    /// <summary>A thing was deleted: so is what it had to do.</summary>
    public Task GoneAsync(string thing, CancellationToken cancellationToken) => WriteAsync(
        write =>
        {
            var waiting = JobStore.Active(write.Connection).Where(job => JobStore.Targets(write.Connection, job.Id, long.MaxValue).Contains(thing)).ToList();
            JobStore.RemoveTargetEverywhere(write.Connection, thing);
            foreach (var job in waiting)
                write.Settle(job.Id);
            foreach (var execution in JobStore.OfThing(write.Connection, thing).Where(static execution => !execution.Status.IsTerminal()))
                write.Put(ExecutionMachine.Remove(execution, write.Now));
            return true;
        },
        cancellationToken);

    /// <summary>Does what is due: jobs that begin or end, things to be told, executions that have taken too long.</summary>
    /// <returns>When to come again, Unix time in milliseconds; null: not before something changes.</returns>
    public async Task<long?> TickAsync(CancellationToken cancellationToken)
    {
        await FollowClockAsync();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (database.Read(connection => JobDue.Earliest(connection, now)) is not { } due || due > now)
            return database.Read(connection => JobDue.Earliest(connection, now));
        await WriteAsync(
            write =>
            {
                foreach (var execution in JobStore.Overdue(write.Connection, write.Now, 500))
                    write.Put(ExecutionMachine.TimeOut(execution, write.Now));
                foreach (var job in JobStore.Active(write.Connection))
                    Advance(write, job);
                return true;
            },
            cancellationToken);
        return database.Read(connection => JobDue.Earliest(connection, now));
    }

    public void Dispose()
    {
        _telling.Dispose();
        _clock.Dispose();
    }

    private async Task<T> WriteAsync<T>(Func<JobWrite, T> operation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested(); // later it is too late: the write goes on without its caller
        await FollowClockAsync();
        Telling? telling = null;
        try
        {
            return await database.WriteAsync(connection =>
            {
                var write = new JobWrite(connection, time.GetUtcNow().ToUnixTimeMilliseconds(), events);
                var done = operation(write);
                telling = new(write.Finish());
                lock (_outgoing)
                    _outgoing.Enqueue(telling);
                return done;
            });
        }
        catch when (telling is not null)
        {
            telling.Messages = []; // the commit failed
            throw;
        }
        finally
        {
            if (telling is not null)
            {
                telling.IsDecided = true;
                await TellAsync();
            }
        }
    }

    private Task FollowClockAsync() => _clock.FollowAsync(step => database.WriteAsync(connection => JobStore.Shift(connection, step)));

    private async Task TellAsync()
    {
        await _telling.WaitAsync(CancellationToken.None);
        try
        {
            while (Next() is { } telling)
                foreach (var message in telling.Messages)
                    await bus.PublishAsync(message, CancellationToken.None);
        }
        finally
        {
            _telling.Release();
        }

        Telling? Next()
        {
            lock (_outgoing)
                return _outgoing.TryPeek(out var first) && first.IsDecided ? _outgoing.Dequeue() : null;
        }
    }

    private void Advance(JobWrite write, Job job)
    {
        if (job.Status == JobStatus.Scheduled && job.Schedule.StartAt <= write.Now)
        {
            job = job with { Status = JobStatus.InProgress, UpdatedAt = write.Now };
            write.Put(job);
            Begin(write, job);
            job = write.Job(job.Id);
        }
        if (job.Status == JobStatus.InProgress && job.Schedule.EndAt <= write.Now && !job.IsRolloutStopped)
        {
            if (job.Schedule.EndBehavior == "STOP_ROLLOUT")
            {
                write.Put(job = job with { IsRolloutStopped = true, UpdatedAt = write.Now });
                write.Settle(job.Id);
            }
            else
                write.Cancel(job, force: job.Schedule.EndBehavior == "FORCE_CANCEL", "ScheduleEnd", null);
            return;
        }
        Roll(write, job);
    }

    private void Begin(JobWrite write, Job job)
    {
        AddTargets(write, job, ThingsOf(job.Targets));
        Roll(write, job);
        write.Settle(job.Id); // without any thing it has ended
    }

    private static void AddTargets(JobWrite write, Job job, IEnumerable<string> things)
    {
        foreach (var thing in things)
            if (JobStore.Find(write.Connection, job.Id, thing) is null or { Status: ExecutionStatus.Removed })
                JobStore.AddTarget(write.Connection, job.Id, thing);
    }

    // Tells as many things as the rate allows by now.
    private static void Roll(JobWrite write, Job job)
    {
        var (count, rolledOutTo) = JobDue.Allowed(write.Connection, job, write.Now);
        if (count == 0 || JobStore.Targets(write.Connection, job.Id, Math.Min(count, ThingsPerWrite)) is not { Count: > 0 } things)
            return;
        if (rolledOutTo != job.RolledOutTo)
            write.Put(job with { RolledOutTo = rolledOutTo });
        foreach (var thing in things)
        {
            JobStore.RemoveTarget(write.Connection, job.Id, thing);
            var number = (JobStore.Find(write.Connection, job.Id, thing)?.Number ?? 0) + 1;
            write.Put(new JobExecution(job.Id, thing, number) { QueuedAt = write.Now, UpdatedAt = write.Now });
        }
    }

    private HashSet<string> ThingsOf(IEnumerable<string> targets)
    {
        var things = new HashSet<string>(StringComparer.Ordinal);
        foreach (var target in targets)
            if (target.StartsWith(gateway.Arn("thing/"), StringComparison.Ordinal))
                things.Add(target[gateway.Arn("thing/").Length..]);
            else
                things.UnionWith(groups.MembersOf(target[GroupArn("").Length..], recursive: true));
        things.RemoveWhere(thing => catalog.Find(thing) is null);
        return things;
    }

    private void RequireTarget(string arn, bool onlyGroups)
    {
        var (thing, group) = (gateway.Arn("thing/"), GroupArn(""));
        if (!onlyGroups && arn.StartsWith(thing, StringComparison.Ordinal))
        {
            if (catalog.Find(arn[thing.Length..]) is null)
                throw new JobException(JobErrorKind.ResourceNotFound, $"thing {arn[thing.Length..]} is not registered");
        }
        else if (arn.StartsWith(group, StringComparison.Ordinal))
        {
            if (groups.Find(arn[group.Length..]) is null)
                throw new JobException(JobErrorKind.ResourceNotFound, $"thing group {arn[group.Length..]} is not registered");
        }
        else
            throw JobException.Invalid($"targets holds '{arn}', expected {(onlyGroups ? "" : $"{thing}NAME or ")}{group}NAME");
    }

    private string GroupArn(string name) => gateway.Arn($"thinggroup/{name}");

    // What one write tells.
    private sealed class Telling(IReadOnlyList<ApplicationMessage> messages)
    {
        public IReadOnlyList<ApplicationMessage> Messages { get; set; } = messages;

        /// <summary>Its commit is on disk, or failed.</summary>
        public volatile bool IsDecided;
    }
}
