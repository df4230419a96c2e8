namespace EdgeGateway.Api;

/// <summary>A change of an alarm.</summary>
public sealed record AlarmEventResponse(string Name, string? Before, string State, string Reason, DateTimeOffset At);
