using System.Globalization;
using System.Text;
using EdgeGateway.Sync;

namespace EdgeGateway.Api;

/// <summary>The upstreams' part of <c>/metrics</c>, a label for each upstream.</summary>
internal static class UpstreamMetrics
{
    private static readonly (string Name, string Type, string Help, Func<UpstreamStatus, double?> Value)[] Metrics =
    [
        ("connected", "gauge", "1 while connected", static upstream => upstream.ConnectedSince is null ? 0 : 1),
        ("backlog_messages", "gauge", "Messages that wait", static upstream => upstream.BacklogMessages),
        ("backlog_bytes", "gauge", "Bytes of them in the store", static upstream => upstream.BacklogBytes),
        ("oldest_seconds", "gauge", "Age of the oldest message that waits", static upstream => upstream.OldestSeconds),
        ("drained_per_second", "gauge", "Messages acknowledged a second, lately", static upstream => upstream.DrainRate),
        ("full_in_seconds", "gauge", "When the store is full at the present rate", static upstream => upstream.FullInSeconds),
        ("dropped_total", "counter", "Messages lost to a full store", static upstream => upstream.Dropped),
        ("expired_total", "counter", "Messages that grew too old", static upstream => upstream.Expired),
        ("parked_messages", "gauge", "Messages the upstream would not take", static upstream => upstream.Parked),
        ("month_bytes", "gauge", "Bytes of the month's budget that are used", static upstream => upstream.MonthBytes),
    ];

    public static void Write(StringBuilder text, IReadOnlyList<UpstreamStatus> upstreams, Func<string, string> escape)
    {
        foreach (var (name, type, help, value) in upstreams.Count > 0 ? Metrics : [])
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP edgegateway_upstream_{name} {help}\n# TYPE edgegateway_upstream_{name} {type}\n");
            foreach (var upstream in upstreams)
                if (value(upstream) is { } number)
                    text.Append(CultureInfo.InvariantCulture, $"edgegateway_upstream_{name}{{upstream=\"{escape(upstream.Name)}\"}} {number}\n");
        }
    }
}
