namespace EdgeGateway.Api;

/// <summary>One action of a rule and how it fares since the start.</summary>
public sealed record ActionResponse(string Place, string Action, long Succeeded, long Failed, int UnderWay, int Backlog, double LatencyP50Milliseconds, double LatencyP99Milliseconds, string? LastError, DateTimeOffset? LastErrorAt);
