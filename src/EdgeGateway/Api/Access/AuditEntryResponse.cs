namespace EdgeGateway.Api.Access;

/// <summary>Who changed what; newest first in lists.</summary>
internal sealed record AuditEntryResponse(long Sequence, DateTimeOffset At, string Actor, string Action, string Subject, string? Detail);
