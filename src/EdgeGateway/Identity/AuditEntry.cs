namespace EdgeGateway.Identity;

/// <summary>One line of the audit log.</summary>
/// <param name="Sequence">Counts up from 1 without gaps.</param>
public sealed record AuditEntry(long Sequence, DateTimeOffset At, string Actor, string Action, string Subject, string? Detail);
