using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Search.Query;

namespace EdgeGateway.Search;

/// <summary>Keeps the fleet metrics and tells each at whole multiples of its period.</summary>
internal sealed partial class FleetMetrics(
    FleetSearch search, SearchStore store, IMessageBus bus, GatewayOptions gateway, TimeProvider time, ILogger<FleetMetrics> logger) : BackgroundService, IFleetMetrics
{
    private const int ShortestPeriod = 60, LongestPeriod = 86_400;
    private static readonly MessageOrigin Origin = new("search");
    private static readonly string[] StatisticNames = ["count", "average", "sum", "minimum", "maximum", "sumOfSquares", "variance", "stdDeviation"];
    private static readonly double[] UsualPercents = [1, 5, 25, 50, 75, 95, 99];
    private readonly ConcurrentDictionary<string, FleetMetric> _metrics = new(store.Metrics().Select(static metric => KeyValuePair.Create(metric.Name, metric)), StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, IReadOnlyList<(string Name, double Value)>> _latest = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _writing = new(1, 1);

    public IReadOnlyList<FleetMetric> All => [.. _metrics.Values.OrderBy(static metric => metric.Name, StringComparer.Ordinal)];

    public IReadOnlyList<(string Metric, string Value, double Number)> Latest =>
        [.. _latest.OrderBy(static pair => pair.Key, StringComparer.Ordinal).SelectMany(static pair => pair.Value.Select(value => (pair.Key, value.Name, value.Value)))];

    public FleetMetric? Find(string name) => _metrics.GetValueOrDefault(name);

    public async Task<RegistryResult<FleetMetric>> SaveAsync(FleetMetric metric, bool isNew, long? expectedVersion, CancellationToken cancellationToken)
    {
        if (Refuse(metric) is { } malformed)
            return malformed;
        await _writing.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            var old = Find(metric.Name);
            if (isNew && old is not null)
                return metric with { Version = old.Version, CreatedAt = old.CreatedAt, ModifiedAt = old.ModifiedAt } == old
                    ? old
                    : RegistryError.Exists("fleet metric", metric.Name, gateway.Arn($"fleetmetric/{metric.Name}"), metric.Name);
            if (!isNew && old is null)
                return RegistryError.NotFound("fleet metric", metric.Name);
            if (old is not null && expectedVersion is { } expected && expected != old.Version)
                return RegistryError.Version("fleet metric", metric.Name, expected, old.Version);
            var saved = metric with { Version = (old?.Version ?? 0) + 1, CreatedAt = old?.CreatedAt ?? now, ModifiedAt = now };
            await store.SaveAsync(saved);
            _metrics[saved.Name] = saved;
            return saved;
        }
        finally
        {
            _writing.Release();
        }
    }

    public async Task<RegistryResult<bool>> DeleteAsync(string name, long? expectedVersion, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (Find(name) is not { } metric)
                return false;
            if (expectedVersion is { } expected && expected != metric.Version)
                return RegistryError.Version("fleet metric", name, expected, metric.Version);
            await store.DeleteMetricAsync(name);
            _metrics.TryRemove(name, out _);
            _latest.TryRemove(name, out _);
            return true;
        }
        finally
        {
            _writing.Release();
        }
    }

    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            // Every period is whole minutes, so the minute is the one clock for all.
            var now = time.GetUtcNow();
            var next = now.AddTicks(TimeSpan.TicksPerMinute - (now.Ticks % TimeSpan.TicksPerMinute));
            await Task.Delay(next - now, time, stoppingToken);
            var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
            foreach (var metric in _metrics.Values.Where(metric => minute % (metric.Period / 60) == 0))
                await TellAsync(metric, stoppingToken);
        }
    }

    private async Task TellAsync(FleetMetric metric, CancellationToken cancellationToken)
    {
        try
        {
            var values = await ValuesAsync(metric, cancellationToken);
            _latest[metric.Name] = values;
            await bus.PublishAsync(new ApplicationMessage($"$edge/fleet-metrics/{metric.Name}", Payload(metric, values)) { QualityOfService = QualityOfService.AtMostOnce, Origin = Origin }, cancellationToken);
        }
        catch (Exception ex) when (ex is QueryException or AggregationException or IndexUnavailableException) // the settings changed since it was made
        {
            _latest.TryRemove(metric.Name, out _);
            LogNotTold(metric.Name, ex.Message);
        }
    }

    private async Task<IReadOnlyList<(string Name, double Value)>> ValuesAsync(FleetMetric metric, CancellationToken cancellationToken)
    {
        switch (metric.Aggregation.Name)
        {
            case AggregationType.Cardinality:
                return [("cardinality", await search.CardinalityAsync(metric.IndexName, metric.QueryString, metric.Field, cancellationToken))];
            case AggregationType.Percentiles:
                double[] percents = metric.Aggregation.Values.Count == 0 ? UsualPercents : [.. metric.Aggregation.Values.Select(static percent => double.Parse(percent, CultureInfo.InvariantCulture))];
                return [.. (await search.PercentilesAsync(metric.IndexName, metric.QueryString, metric.Field, percents, cancellationToken)).Select(static value => ($"p{QueryNode.Number(value.Percent)}", value.Value))];
            default:
                var statistics = await search.StatisticsAsync(metric.IndexName, metric.QueryString, metric.Field, cancellationToken);
                var wanted = metric.Aggregation.Values.Count == 0 ? StatisticNames : metric.Aggregation.Values;
                return [.. wanted.Select(name => (name, Value: Value(name, statistics))).Where(static value => value.Value is not null).Select(static value => (value.name, value.Value!.Value))];
        }
    }

    private static double? Value(string name, FieldStatistics statistics) => name switch
    {
        "count" => statistics.Count,
        "average" => statistics.Numbers?.Average,
        "sum" => statistics.Numbers?.Sum,
        "minimum" => statistics.Numbers?.Minimum,
        "maximum" => statistics.Numbers?.Maximum,
        "sumOfSquares" => statistics.Numbers?.SumOfSquares,
        "variance" => statistics.Numbers?.Variance,
        _ => statistics.Numbers?.StandardDeviation,
    };

    private byte[] Payload(FleetMetric metric, IReadOnlyList<(string Name, double Value)> values)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("metricName"u8, metric.Name);
            json.WriteNumber("timestamp"u8, time.GetUtcNow().ToUnixTimeMilliseconds());
            json.WriteString("queryString"u8, metric.QueryString);
            json.WriteString("aggregationField"u8, metric.Field);
            if (metric.Unit is { } unit)
                json.WriteString("unit"u8, unit);
            json.WriteStartObject("values"u8);
            foreach (var (name, value) in values)
                json.WriteNumber(name, value);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static RegistryError? Refuse(FleetMetric metric)
    {
        if (metric.Name.Length is < 1 or > 128 || metric.Name.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '.' or '-')))
            return RegistryError.Invalid($"metricName is '{metric.Name}', expected 1 to 128 of letters, digits, '_', '.' and '-'");
        if (metric.Period is < ShortestPeriod or > LongestPeriod || metric.Period % 60 != 0)
            return RegistryError.Invalid($"period is {metric.Period} s, expected {ShortestPeriod} to {LongestPeriod}, in whole minutes");
        return metric.Aggregation.Name switch
        {
            AggregationType.Cardinality => null,
            AggregationType.Statistics => metric.Aggregation.Values.FirstOrDefault(static value => !StatisticNames.Contains(value)) is { } unknown
                ? RegistryError.Invalid($"aggregationType.values holds '{unknown}', expected of {string.Join(", ", StatisticNames)}") : null,
            AggregationType.Percentiles => metric.Aggregation.Values.FirstOrDefault(static value => !double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) || percent > 100) is { } wrong
                ? RegistryError.Invalid($"aggregationType.values holds '{wrong}', expected numbers from 0 to 100") : null,
            _ => RegistryError.Invalid($"aggregationType.name is '{metric.Aggregation.Name}', expected Statistics, Percentiles or Cardinality"),
        };
    }

    [LoggerMessage(10020, LogLevel.Warning, "Fleet metric {Metric} could not be told: {Reason}")]
    private partial void LogNotTold(string metric, string reason);
}
