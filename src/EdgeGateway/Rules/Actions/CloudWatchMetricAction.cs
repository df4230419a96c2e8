using System.Globalization;
using EdgeGateway.Rules.Alarms;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules.Actions;

/// <summary>`cloudwatchMetric` (docs/rules.md): a value of a metric, kept as a series and shown at `/metrics`.</summary>
internal sealed class CloudWatchMetricAction : IRuleAction
{
    private readonly RuleMetrics _metrics;
    private readonly SqlTemplate _name;
    private readonly SqlTemplate _namespace;
    private readonly SqlTemplate _unit;
    private readonly SqlTemplate _value;
    private readonly SqlTemplate? _timestamp;

    private CloudWatchMetricAction(RuleMetrics metrics, ActionParameters parameters)
    {
        _metrics = metrics;
        (_name, _namespace) = (parameters.Template("metricName"), parameters.Template("metricNamespace"));
        (_unit, _value, _timestamp) = (parameters.Template("metricUnit"), parameters.Template("metricValue"), parameters.OptionalTemplate("metricTimestamp"));
    }

    public string FailureName => "CloudWatchMetricAction";

    public static CloudWatchMetricAction Create(ActionParameters parameters, RuleMetrics metrics) => new(metrics, parameters);

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        var (name, space) = (firing.Render(_name, "metricName"), firing.Render(_namespace, "metricNamespace"));
        var resource = $"{space}/{name}";
        if (firing.DeniedArn("cloudwatch:PutMetricData", "*", resource) is { } denied)
            return denied;
        var text = firing.Render(_value, "metricValue");
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            return new(resource, $"metricValue is {text}, expected a number", "InvalidValue", IsRecoverable: false);
        var at = firing.StoredAt;
        if (_timestamp is not null && firing.Render(_timestamp, "metricTimestamp") is { } stamp)
        {
            if (!double.TryParse(stamp, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) || seconds is < 0 or > 1e10)
                return new(resource, $"metricTimestamp is {stamp}, expected Unix seconds", "InvalidTimestamp", IsRecoverable: false);
            at = (long)(seconds * 1000);
        }
        return await _metrics.PutAsync(space, name, firing.Render(_unit, "metricUnit"), value, at);
    }
}
