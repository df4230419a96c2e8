namespace EdgeGateway.Jobs;

/// <summary>A job.</summary>
/// <param name="Id">1 to 64 of letters, digits, '_' and '-'.</param>
/// <param name="Targets">ARNs of things and thing groups.</param>
/// <param name="IsContinuous">Things that join a target group get it too; it does not complete by itself.</param>
public sealed record Job(string Id, IReadOnlyList<string> Targets, bool IsContinuous, JobSettings Settings, JobSchedule Schedule)
{
    public JobStatus Status { get; init; } = JobStatus.InProgress;
    public string? TemplateArn { get; init; }
    public string? NamespaceId { get; init; }
    public string? Comment { get; init; }
    public string? ReasonCode { get; init; }
    public bool ForceCanceled { get; init; }

    /// <summary>Its end has come with <c>STOP_ROLLOUT</c>: nobody more is told.</summary>
    public bool IsRolloutStopped { get; init; }

    /// <summary>Unix time in milliseconds, as all times here.</summary>
    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }
    public long? CompletedAt { get; init; }

    /// <summary>Up to when things have been told, by the rate; null before the first.</summary>
    public double? RolledOutTo { get; init; }
}
