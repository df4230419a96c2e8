using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Series;

namespace EdgeGateway.Rules.Alarms;

/// <inheritdoc cref="IRuleMetrics"/>
internal sealed class RuleMetrics(SeriesStore series) : IRuleMetrics
{
    private readonly ConcurrentDictionary<(string Namespace, string Name, string Unit), RuleMetric> _last = new(Restored(series));

    public IReadOnlyList<RuleMetric> All => [.. _last.Values.OrderBy(static metric => metric.Namespace, StringComparer.Ordinal).ThenBy(static metric => metric.Name, StringComparer.Ordinal)];

    private static IEnumerable<KeyValuePair<(string, string, string), RuleMetric>> Restored(SeriesStore series)
    {
        foreach (var (name, _, _, _, _, _) in series.All("metrics"))
        {
            using var dimensions = JsonDocument.Parse(name.Dimensions);
            var unit = dimensions.RootElement.TryGetProperty("unit", out var text) ? text.GetString() ?? "" : "";
            if (series.Last(name) is { } last)
                yield return new((name.Table, name.Measure, unit), new RuleMetric(name.Table, name.Measure, unit, last.Number, DateTimeOffset.UnixEpoch.AddTicks(last.Time / 100)));
        }
    }

    public async Task<RuleActionFailure?> PutAsync(string space, string name, string unit, double value, long at)
    {
        var dimensions = Encoding.UTF8.GetString(RuleJson.Object(writer => writer.WriteString("unit", unit)));
        if (await series.WriteAsync([(new SeriesName("metrics", space, name, dimensions), SeriesKind.Number, new SeriesPoint(at * 1_000_000, value))]) is { } failure)
            return failure;
        var metric = new RuleMetric(space, name, unit, value, DateTimeOffset.FromUnixTimeMilliseconds(at));
        _last.AddOrUpdate((space, name, unit), metric, (_, before) => before.At > metric.At ? before : metric);
        return null;
    }
}
