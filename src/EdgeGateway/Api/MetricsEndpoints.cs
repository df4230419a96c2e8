using System.Globalization;
using System.Text;
using EdgeGateway.Broker;
using EdgeGateway.Messaging;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Alarms;
using EdgeGateway.Search;
using EdgeGateway.Sync;

namespace EdgeGateway.Api;

/// <summary>
/// <c>GET /metrics</c> in Prometheus' text format 0.0.4. Written by hand: the numbers are counted anyway, and a client library would bring
/// its own registry, reflection and memory for these few lines.
/// </summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapGet("/metrics", Get).WithTags("Status");

    private static IResult Get(
        BrokerStatus broker, ISyncStatus sync, IEnumerable<IComponentHealth> components, GatewayClock clock, IRules rules, IRuleMetrics metrics, IAlarms alarms, IFleetMetrics fleet)
    {
        var text = new StringBuilder(4096);
        var now = BrokerResponse.From(broker);
        Write(text, "edgegateway_uptime_seconds", "gauge", "Seconds since the start", (long)clock.Uptime.TotalSeconds);
        Write(text, "edgegateway_mqtt_connections", "gauge", "Clients connected", now.Connections);
        Write(text, "edgegateway_mqtt_sessions", "gauge", "Sessions, connected or kept", now.Sessions);
        Write(text, "edgegateway_mqtt_subscriptions", "gauge", "Subscriptions, of clients and of parts of the gateway", now.Subscriptions);
        Write(text, "edgegateway_mqtt_retained_messages", "gauge", "Retained messages", now.Retained);
        Write(text, "edgegateway_mqtt_retained_bytes", "gauge", "Bytes of them", now.RetainedBytes);
        Write(text, "edgegateway_mqtt_queued_messages", "gauge", "Messages that wait for clients", now.QueuedMessages);
        Write(text, "edgegateway_mqtt_queued_bytes", "gauge", "Bytes of them in memory", now.QueuedBytes);
        Write(text, "edgegateway_mqtt_inflight_messages", "gauge", "Messages sent and not yet acknowledged", now.InFlight);
        Write(text, "edgegateway_mqtt_messages_received_total", "counter", "Messages taken in", now.MessagesIn);
        Write(text, "edgegateway_mqtt_messages_sent_total", "counter", "Messages handed to clients", now.MessagesOut);
        Write(text, "edgegateway_mqtt_payload_received_bytes_total", "counter", "Payload bytes taken in", now.BytesIn);
        Write(text, "edgegateway_mqtt_payload_sent_bytes_total", "counter", "Payload bytes handed to clients", now.BytesOut);
        Write(text, "edgegateway_mqtt_messages_dropped_total", "counter", "Messages that a slow or full receiver did not get", now.Dropped);
        Write(text, "edgegateway_log_bytes", "gauge", "Bytes of the broker's log that are kept", now.LogBytes);
        Write(text, "edgegateway_log_written_bytes_total", "counter", "Bytes written to the broker's log", (broker.Log?.Bytes ?? 0) + (broker.Log?.ZeroBytes ?? 0));
        Write(text, "edgegateway_log_commits_total", "counter", "Flushes of the broker's log", now.LogCommits);
        Write(text, "edgegateway_log_written_bytes_per_hour", "gauge", "Bytes written over the last hour", now.WrittenBytesPerHour);
        Write(text, "edgegateway_log_commits_per_hour", "gauge", "Flushes over the last hour", now.CommitsPerHour);
        Write(text, "edgegateway_process_resident_bytes", "gauge", "Memory of the process", Environment.WorkingSet);
        UpstreamMetrics.Write(text, sync.Upstreams, Escape);
        FleetFigures(text, fleet);
        Components(text, components);
        RuleFigures.Write(text, rules, metrics, alarms);
        return Results.Text(text.ToString(), "text/plain; version=0.0.4; charset=utf-8");
    }

    private static void FleetFigures(StringBuilder text, IFleetMetrics fleet)
    {
        if (fleet.Latest is not { Count: > 0 } latest)
            return;
        text.Append("# HELP edgegateway_fleet_metric What a fleet metric said last\n# TYPE edgegateway_fleet_metric gauge\n");
        foreach (var (metric, value, number) in latest)
            text.Append(CultureInfo.InvariantCulture, $"edgegateway_fleet_metric{{metric=\"{Escape(metric)}\",value=\"{Escape(value)}\"}} {number}\n");
    }

    private static void Components(StringBuilder text, IEnumerable<IComponentHealth> components)
    {
        text.Append("# HELP edgegateway_component_healthy 1 while the part does its work\n# TYPE edgegateway_component_healthy gauge\n");
        foreach (var component in components)
            text.Append(CultureInfo.InvariantCulture, $"edgegateway_component_healthy{{component=\"{Escape(component.Name)}\"}} {(component.State == ComponentState.Healthy ? 1 : 0)}\n");
    }

    internal static string Escape(string label) =>
        label.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static void Write(StringBuilder text, string name, string type, string help, long value) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value}\n");
}
