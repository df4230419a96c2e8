namespace EdgeGateway.Rules.Alarms;

/// <summary>An alarm and its state: OK, ALARM or INSUFFICIENT_DATA.</summary>
/// <param name="AcknowledgedBy">Who has seen that it is on; null again when its state changes.</param>
public sealed record Alarm(string Name, string State, string Reason, DateTimeOffset ChangedAt, string? AcknowledgedBy);
