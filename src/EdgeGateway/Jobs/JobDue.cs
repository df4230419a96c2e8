using Microsoft.Data.Sqlite;

namespace EdgeGateway.Jobs;

/// <summary>When something is to be done next.</summary>
internal static class JobDue
{
    private const double Minute = 60_000, ShortestWait = 1000;

    /// <summary>Unix time in milliseconds, also past; null: never.</summary>
    public static long? Earliest(SqliteConnection connection, long now)
    {
        var due = JobStore.NextDeadline(connection);
        foreach (var job in JobStore.Active(connection))
            foreach (var time in Of(connection, job, now))
                due = due is null || time < due ? time : due;
        return due;
    }

    /// <summary>How many things may be told now, and up to when that uses the rate up.</summary>
    public static (long Count, double? RolledOutTo) Allowed(SqliteConnection connection, Job job, long now)
    {
        if (job.Status != JobStatus.InProgress || job.IsRolloutStopped || !IsOpen(job, now))
            return (0, job.RolledOutTo);
        if (job.Settings.Rollout is not { } rollout)
            return (long.MaxValue, job.RolledOutTo);
        var interval = IntervalOf(connection, job, rollout);
        var from = Math.Clamp(job.RolledOutTo ?? now - interval, now - Minute, now); // what was not used within a minute is not caught up with
        var count = (long)((now - from) / interval);
        return count <= 0 ? (0, job.RolledOutTo) : (count, from + (count * interval));
    }

    private static IEnumerable<long> Of(SqliteConnection connection, Job job, long now)
    {
        if (job.Status == JobStatus.Scheduled)
        {
            yield return job.Schedule.StartAt!.Value;
            yield break;
        }
        if (job.Schedule.EndAt is { } end && !job.IsRolloutStopped)
            yield return end;
        if (job.IsRolloutStopped || JobStore.Targets(connection, job.Id, 1).Count == 0)
            yield break;
        var next = job.Settings.Rollout is { } rollout && job.RolledOutTo is { } to ? Math.Max(to + IntervalOf(connection, job, rollout), Math.Min(to + ShortestWait, now + ShortestWait)) : now;
        if (IsOpen(job, now))
            yield return (long)Math.Ceiling(next);
        else if (Opening(job, now) is { } opening)
            yield return opening;
    }

    private static bool IsOpen(Job job, long now) => job.Schedule.Windows.Count == 0 || Opening(job, now) <= now;

    private static long? Opening(Job job, long now) =>
        job.Schedule.Windows.Select(window => window.Opening(DateTimeOffset.FromUnixTimeMilliseconds(now))?.ToUnixTimeMilliseconds()).Min();

    // Milliseconds from one thing to the next.
    private static double IntervalOf(SqliteConnection connection, Job job, JobRollout rollout)
    {
        if (rollout.Exponential is null)
            return Minute / rollout.MaximumPerMinute;
        var counts = JobStore.Counts(connection, job.Id);
        return Minute / rollout.RateAfter(counts.Values.Sum(), counts.GetValueOrDefault(ExecutionStatus.Succeeded));
    }
}
