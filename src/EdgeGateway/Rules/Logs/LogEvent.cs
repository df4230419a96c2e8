namespace EdgeGateway.Rules.Logs;

/// <summary>One line of a log group.</summary>
public sealed record LogEvent(DateTimeOffset At, string Message);
