using EdgeGateway.Jobs;

namespace EdgeGateway.Api;

/// <summary>A job and how far it is.</summary>
/// <param name="Status"><c>SCHEDULED</c>, <c>IN_PROGRESS</c>, <c>COMPLETED</c> or <c>CANCELED</c>.</param>
/// <param name="Waiting">Things that have not been told yet.</param>
/// <param name="Reason">Why it was cancelled.</param>
public sealed record JobResponse(
    string Id, string Status, string? Description, bool Continuous, IReadOnlyList<string> Targets, long Waiting, long Queued, long InProgress, long Succeeded, long Failed, long TimedOut, long Rejected, long Canceled, long Removed,
    string? Reason, string? Comment, DateTimeOffset CreatedAt, DateTimeOffset? CompletedAt)
{
    internal static JobResponse From(JobView view)
    {
        long Of(ExecutionStatus status) => view.Counts.GetValueOrDefault(status);
        var job = view.Job;
        return new(
            job.Id, job.Status.ToWire(), job.Settings.Description, job.IsContinuous, job.Targets, view.Waiting, Of(ExecutionStatus.Queued), Of(ExecutionStatus.InProgress), Of(ExecutionStatus.Succeeded), Of(ExecutionStatus.Failed),
            Of(ExecutionStatus.TimedOut), Of(ExecutionStatus.Rejected), Of(ExecutionStatus.Canceled), Of(ExecutionStatus.Removed), job.ReasonCode, job.Comment, DateTimeOffset.FromUnixTimeMilliseconds(job.CreatedAt),
            job.CompletedAt is { } completed ? DateTimeOffset.FromUnixTimeMilliseconds(completed) : null);
    }
}
