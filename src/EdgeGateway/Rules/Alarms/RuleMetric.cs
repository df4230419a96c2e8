namespace EdgeGateway.Rules.Alarms;

/// <summary>The last value of a metric that a rule made.</summary>
public sealed record RuleMetric(string Namespace, string Name, string Unit, double Value, DateTimeOffset At);
