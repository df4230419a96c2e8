using System.Globalization;
using System.Text;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Alarms;

namespace EdgeGateway.Api;

/// <summary>Rules, their actions, and what rules measure, in Prometheus' text.</summary>
internal static class RuleFigures
{
    public static void Write(StringBuilder text, IRules rules, IRuleMetrics metrics, IAlarms alarms)
    {
        var statuses = rules.All.Select(rule => (rule.Name, Status: rules.StatusOf(rule.Name) ?? RuleStatus.None)).ToList();
        OfRules("matched_total", "counter", "Messages whose topic reached the rule", static status => status.Matched);
        OfRules("fired_total", "counter", "Of these, those whose condition held", static status => status.Fired);
        OfRules("failed_total", "counter", "Evaluations and actions that failed for good", static status => status.Failed);
        OfRules("dropped_total", "counter", "Messages that found the rule's queue full", static status => status.Dropped);
        OfRules("queued", "gauge", "Messages waiting for the rule", static status => status.Queued);
        var actions = rules.All.SelectMany(rule => rules.ActionsOf(rule.Name).Select(action => (rule.Name, Action: action))).ToList();
        OfActions("succeeded_total", "counter", "Actions done", static action => action.Succeeded);
        OfActions("failed_total", "counter", "Actions given up for good", static action => action.Failed);
        OfActions("backlog", "gauge", "Messages stored and not delivered", static action => action.Backlog);
        OfActions("latency_p50_seconds", "gauge", "Half were done no later", static action => action.LatencyP50.TotalSeconds);
        OfActions("latency_p99_seconds", "gauge", "Of a hundred 99 were done no later", static action => action.LatencyP99.TotalSeconds);
        Head("edgegateway_metric", "gauge", "Metrics that rules make with cloudwatchMetric");
        foreach (var metric in metrics.All)
            Line("edgegateway_metric", $"namespace=\"{Escape(metric.Namespace)}\",name=\"{Escape(metric.Name)}\",unit=\"{Escape(metric.Unit)}\"", metric.Value);
        Head("edgegateway_alarm", "gauge", "1 while an alarm that rules set is in ALARM");
        foreach (var alarm in alarms.All)
            Line("edgegateway_alarm", $"name=\"{Escape(alarm.Name)}\"", alarm.State == "ALARM" ? 1 : 0);

        void OfRules(string name, string type, string help, Func<RuleStatus, double> value)
        {
            Head($"edgegateway_rule_{name}", type, help);
            foreach (var (rule, status) in statuses)
                Line($"edgegateway_rule_{name}", $"rule=\"{Escape(rule)}\"", value(status));
        }

        void OfActions(string name, string type, string help, Func<ActionStatus, double> value)
        {
            Head($"edgegateway_rule_action_{name}", type, help);
            foreach (var (rule, action) in actions)
                Line($"edgegateway_rule_action_{name}", $"rule=\"{Escape(rule)}\",place=\"{Escape(action.Place)}\",action=\"{Escape(action.Action)}\"", value(action));
        }

        void Head(string name, string type, string help) => text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

        void Line(string name, string labels, double value) => text.Append(CultureInfo.InvariantCulture, $"{name}{{{labels}}} {value}\n");
    }

    private static string Escape(string label) => MetricsEndpoints.Escape(label);
}
