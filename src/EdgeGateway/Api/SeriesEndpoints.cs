using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Rules.Series;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Readings over time (`timestream`, `cloudwatchMetric`): ranges, bins, the line protocol of InfluxDB.</summary>
internal static class SeriesEndpoints
{
    private const int MostPoints = 100_000;

    public static void MapSeries(this IEndpointRouteBuilder routes)
    {
        var series = routes.MapGroup("/edge/v1/series").WithTags("Series");
        series.MapGet("", List);
        series.MapGet("/points", Points);
        series.MapGet("/bins", Bins);
        series.MapGet("/export", Export);
        series.MapDelete("", DeleteAsync);
    }

    private static Ok<SeriesResponse[]> List(ISeries series, string? database = null, string? table = null) => TypedResults.Ok(series.All(database, table).Select(static each => new SeriesResponse(
        each.Name.Database, each.Name.Table, each.Name.Measure, RuleEndpoints.Json(each.Name.Dimensions), each.Kind.ToString().ToLowerInvariant(), each.Points, each.StoredPoints, each.StoredBytes, each.Last)).ToArray());

    // dimension=NAME=VALUE, as often as there are.
    private static Results<Ok<SeriesPointResponse[]>, ProblemHttpResult> Points(
        string database, string table, string measure, ISeries series, HttpRequest request, DateTimeOffset? from = null, DateTimeOffset? to = null, int limit = 1000, bool descending = false)
    {
        var kinds = series.All(database, table).ToDictionary(static each => each.Name, static each => each.Kind);
        return TypedResults.Ok(series.Find(database, table, measure, Dimensions(request)).SelectMany(name =>
        {
            var dimensions = RuleEndpoints.Json(name.Dimensions);
            return series.Range(name, Nanoseconds(from) ?? 0, Nanoseconds(to) ?? long.MaxValue, Math.Clamp(limit, 1, MostPoints), descending)
                .Select(point => new SeriesPointResponse(Time(point.Time), Value(point, kinds.GetValueOrDefault(name)), dimensions));
        }).ToArray());
    }

    private static Results<Ok<SeriesBinResponse[]>, ProblemHttpResult> Bins(
        string database, string table, string measure, ISeries series, HttpRequest request, string step = "1h", DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        if (Units.ParseDuration(step) is not { } width || width < TimeSpan.FromMilliseconds(1))
            return Problems.BadRequest($"step is '{step}', expected a duration such as 30s, 5m, 1h or 1d");
        return TypedResults.Ok(series.Find(database, table, measure, Dimensions(request)).SelectMany(name =>
        {
            var dimensions = RuleEndpoints.Json(name.Dimensions);
            return series.Bins(name, Nanoseconds(from) ?? 0, Nanoseconds(to) ?? long.MaxValue, width.Ticks * 100)
                .Select(bin => new SeriesBinResponse(Time(bin.Start), bin.Count, bin.Average, bin.Min, bin.Max, bin.Sum, bin.First, bin.Last, dimensions));
        }).ToArray());
    }

    private static PushStreamHttpResult Export(ISeries series, string? database = null, string? table = null, DateTimeOffset? from = null, DateTimeOffset? to = null) => TypedResults.Stream(async stream =>
    {
        foreach (var each in series.All(database, table))
        {
            using var tags = JsonDocument.Parse(each.Name.Dimensions);
            var head = Escape(each.Name.Table) + string.Concat(tags.RootElement.EnumerateObject().Where(static tag => tag.Value.GetString() is { Length: > 0 }).Select(static tag => $",{Escape(tag.Name)}={Escape(tag.Value.GetString()!)}"));
            var lines = new StringBuilder();
            foreach (var point in series.Range(each.Name, Nanoseconds(from) ?? 0, Nanoseconds(to) ?? long.MaxValue, int.MaxValue))
            {
                var value = point.Text is { } text ? $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
                    : each.Kind == SeriesKind.Boolean ? point.Number != 0 ? "true" : "false" : point.Number.ToString("R", CultureInfo.InvariantCulture);
                lines.Append(CultureInfo.InvariantCulture, $"{head} {Escape(each.Name.Measure)}={value} {point.Time}\n");
            }
            await stream.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()));
        }
    }, "text/plain; charset=utf-8");

    private static async Task<Ok<CountResponse>> DeleteAsync(string database, string table, string measure, ISeries series, HttpRequest request)
    {
        var deleted = 0;
        foreach (var name in series.Find(database, table, measure, Dimensions(request)))
            deleted += await series.DeleteAsync(name) ? 1 : 0;
        return TypedResults.Ok(new CountResponse(deleted));
    }

    private static Dictionary<string, string> Dimensions(HttpRequest request) =>
        request.Query["dimension"].OfType<string>().Select(static each => each.Split('=', 2)).Where(static each => each.Length == 2).DistinctBy(static each => each[0]).ToDictionary(static each => each[0], static each => each[1], StringComparer.Ordinal);

    private static long? Nanoseconds(DateTimeOffset? at) => at is { } given ? (given - DateTimeOffset.UnixEpoch).Ticks * 100 : null;

    private static DateTimeOffset Time(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);

    private static JsonElement Value(SeriesPoint point, SeriesKind kind) => point.Text is { } text ? JsonSerializer.SerializeToElement(text, ApiJson.Default.String)
        : kind == SeriesKind.Boolean ? RuleEndpoints.Json(point.Number != 0 ? "true" : "false") : RuleEndpoints.Json(point.Number.ToString("R", CultureInfo.InvariantCulture));

    // InfluxDB's: comma, space and equals sign of names are escaped.
    private static string Escape(string text) => text.Replace(",", "\\,", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal).Replace("=", "\\=", StringComparison.Ordinal).ReplaceLineEndings("\\n");
}
