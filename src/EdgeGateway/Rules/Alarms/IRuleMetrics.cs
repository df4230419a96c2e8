namespace EdgeGateway.Rules.Alarms;

/// <summary>The metrics that rules make (`cloudwatchMetric`): last values; the earlier ones are series of the database `metrics`.</summary>
public interface IRuleMetrics
{
    IReadOnlyList<RuleMetric> All { get; }
}
