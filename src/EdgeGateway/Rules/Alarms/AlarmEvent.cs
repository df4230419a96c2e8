namespace EdgeGateway.Rules.Alarms;

/// <summary>A change of an alarm's state.</summary>
/// <param name="Before">Null: it was new.</param>
public sealed record AlarmEvent(string Name, string? Before, string State, string Reason, DateTimeOffset At);
