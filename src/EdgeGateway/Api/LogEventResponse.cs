namespace EdgeGateway.Api;

/// <summary>A line of a log group.</summary>
public sealed record LogEventResponse(DateTimeOffset At, string Message);
