using EdgeGateway.Configuration;
using EdgeGateway.Registry;
using EdgeGateway.Search;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Fleet metrics: told on <c>$edge/fleet-metrics/NAME</c> where AWS tells CloudWatch.</summary>
internal sealed class FleetMetricOperations(IFleetMetrics metrics, IFleetSearch search, ITags tags, GatewayOptions gateway) : IAwsOperations
{
    private const string QueryVersion = "2017-09-30";

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreateFleetMetric", CreateAsync),
        new("DescribeFleetMetric", Describe),
        new("UpdateFleetMetric", Update),
        new("DeleteFleetMetric", DeleteAsync),
        new("ListFleetMetrics", List),
    ];

    private async ValueTask<AwsReply> CreateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var wanted = body.Tags();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        var isNew = metrics.Find(call.Label("metricName")) is null;
        var metric = new FleetMetric(
            call.Label("metricName"), body.String("indexName") ?? IndexName.Things, body.Required("queryString"), body.String("queryVersion") ?? QueryVersion, body.Required("aggregationField"),
            Aggregation(body) ?? throw AwsException.Missing("aggregationType"), Period(body) ?? throw AwsException.Missing("period"), body.String("description"), body.String("unit"), 1, 0, 0);
        var reply = await SaveAsync(metric, isNew: true, null, cancellationToken, saved => AwsReply.Json(writer =>
        {
            writer.WriteString("metricName"u8, saved.Name);
            writer.WriteString("metricArn"u8, Arn(saved.Name));
        }));
        if (isNew && metrics.Find(metric.Name) is not null)
            await tags.ReplaceAsync(Arn(metric.Name), wanted, cancellationToken);
        return reply;
    }

    private ValueTask<AwsReply> Update(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var now = Find(call);
        var metric = now with
        {
            IndexName = body.Required("indexName"), QueryString = body.String("queryString") ?? now.QueryString, QueryVersion = body.String("queryVersion") ?? now.QueryVersion,
            Field = body.String("aggregationField") ?? now.Field, Aggregation = Aggregation(body) ?? now.Aggregation, Period = Period(body) ?? now.Period,
            Description = body.String("description") ?? now.Description, Unit = body.String("unit") ?? now.Unit,
        };
        return SaveAsync(metric, isNew: false, body.Int64("expectedVersion"), cancellationToken, static _ => AwsReply.Empty);
    }

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var metric = Find(call);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteString("metricName"u8, metric.Name);
            writer.WriteString("metricArn"u8, Arn(metric.Name));
            writer.WriteString("indexName"u8, metric.IndexName);
            writer.WriteString("queryString"u8, metric.QueryString);
            writer.WriteString("queryVersion"u8, metric.QueryVersion);
            writer.WriteString("aggregationField"u8, metric.Field);
            writer.WriteObject("aggregationType", type =>
            {
                type.WriteString("name"u8, metric.Aggregation.Name);
                if (metric.Aggregation.Values.Count > 0)
                    type.WriteStrings("values", metric.Aggregation.Values);
            });
            writer.WriteNumber("period"u8, metric.Period);
            writer.WriteOptional("description", metric.Description);
            writer.WriteOptional("unit", metric.Unit);
            writer.WriteNumber("version"u8, metric.Version);
            writer.WriteTime("creationDate", metric.CreatedAt);
            writer.WriteTime("lastModifiedDate", metric.ModifiedAt);
        }));
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("metricName");
        var reply = await metrics.DeleteAsync(name, call.QueryInt64("expectedVersion"), cancellationToken).ReplyEmptyAsync();
        if (metrics.Find(name) is null)
            await tags.ReplaceAsync(Arn(name), new Dictionary<string, string>(), cancellationToken);
        return reply;
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.Page(metrics.All, static metric => metric.Name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("fleetMetrics", page.Items, (item, metric) =>
            {
                item.WriteString("metricName"u8, metric.Name);
                item.WriteString("metricArn"u8, Arn(metric.Name));
            });
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    // Asked once before it is kept, so that what is wrong with it is told to whom it concerns.
    private async ValueTask<AwsReply> SaveAsync(FleetMetric metric, bool isNew, long? expectedVersion, CancellationToken cancellationToken, Func<FleetMetric, AwsReply> reply)
    {
        if (metric.QueryVersion != QueryVersion)
            throw AwsException.InvalidRequest($"queryVersion is '{metric.QueryVersion}', expected {QueryVersion}");
        if (metric.Aggregation.Name == AggregationType.Percentiles)
            await search.PercentilesAsync(metric.IndexName, metric.QueryString, metric.Field, [50], cancellationToken);
        else
            await search.CardinalityAsync(metric.IndexName, metric.QueryString, metric.Field, cancellationToken);
        return await metrics.SaveAsync(metric, isNew, expectedVersion, cancellationToken).ReplyAsync(reply);
    }

    private FleetMetric Find(AwsCall call)
    {
        var name = call.Label("metricName");
        return metrics.Find(name) ?? throw AwsException.NotFound($"fleet metric {name} is not there");
    }

    private static AggregationType? Aggregation(AwsObject body) => body.Object("aggregationType") is { } type ? new(type.Required("name"), type.Strings("values") ?? []) : null;

    private static int? Period(AwsObject body) => body.Int64("period") is { } period ? (int)Math.Clamp(period, int.MinValue, int.MaxValue) : null;

    private string Arn(string name) => gateway.Arn($"fleetmetric/{name}");
}
