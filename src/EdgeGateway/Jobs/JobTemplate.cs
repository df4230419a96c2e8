namespace EdgeGateway.Jobs;

/// <summary>Settings that jobs are made from.</summary>
/// <param name="Id">As for jobs.</param>
/// <param name="CreatedAt">Unix time in milliseconds.</param>
public sealed record JobTemplate(string Id, JobSettings Settings, IReadOnlyList<JobWindow> Windows, long CreatedAt);
