using EdgeGateway.Jobs;

namespace EdgeGateway.Api;

/// <summary>How far one thing is with a job.</summary>
public sealed record JobExecutionResponse(string Job, string Thing, string Status, IReadOnlyDictionary<string, string> Details, long Number, long Version, DateTimeOffset QueuedAt, DateTimeOffset? StartedAt, DateTimeOffset UpdatedAt)
{
    internal static JobExecutionResponse From(JobExecution execution) => new(
        execution.JobId, execution.Thing, execution.Status.ToWire(), execution.Details, execution.Number, execution.Version, DateTimeOffset.FromUnixTimeMilliseconds(execution.QueuedAt),
        execution.StartedAt is { } started ? DateTimeOffset.FromUnixTimeMilliseconds(started) : null, DateTimeOffset.FromUnixTimeMilliseconds(execution.UpdatedAt));
}
