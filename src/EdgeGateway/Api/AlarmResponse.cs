namespace EdgeGateway.Api;

/// <summary>An alarm that rules set.</summary>
public sealed record AlarmResponse(string Name, string State, string Reason, DateTimeOffset ChangedAt, string? AcknowledgedBy);
