namespace EdgeGateway.Jobs;

/// <summary>When a job begins and ends.</summary>
/// <param name="StartAt">Unix time in milliseconds; null: at once.</param>
/// <param name="EndAt">Unix time in milliseconds; null: open.</param>
/// <param name="EndBehavior"><c>STOP_ROLLOUT</c> tells nobody more, <c>CANCEL</c> cancels what is queued, <c>FORCE_CANCEL</c> what is in progress too.</param>
/// <param name="Windows">Things are told only in these; empty: always.</param>
public sealed record JobSchedule(long? StartAt, long? EndAt, string? EndBehavior, IReadOnlyList<JobWindow> Windows)
{
    public static JobSchedule Always { get; } = new(null, null, null, []);

    public bool Equals(JobSchedule? other) => other is not null && (StartAt, EndAt, EndBehavior) == (other.StartAt, other.EndAt, other.EndBehavior) && Windows.SequenceEqual(other.Windows);

    public override int GetHashCode() => HashCode.Combine(StartAt, EndAt, EndBehavior);
}
