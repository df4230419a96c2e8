using System.Text.Json;
using EdgeGateway.Registry;
using EdgeGateway.Search;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>The fleet index: its settings, searches and aggregations (AWS guide: Fleet indexing).</summary>
internal sealed class FleetIndexOperations(IFleetSearch search, IThingCatalog catalog, IThingGroups groups) : IAwsOperations
{
    private const int MostFound = 100, UsualBuckets = 10, MostBuckets = 10_000;
    private static readonly string[] Names = [IndexName.ThingGroups, IndexName.Things];
    private static readonly double[] UsualPercents = [1, 5, 25, 50, 75, 95, 99];

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("GetIndexingConfiguration", GetConfiguration),
        new("UpdateIndexingConfiguration", UpdateConfigurationAsync),
        new("ListIndices", List),
        new("DescribeIndex", Describe),
        new("SearchIndex", SearchAsync),
        new("GetStatistics", StatisticsAsync),
        new("GetCardinality", CardinalityAsync),
        new("GetPercentiles", PercentilesAsync),
        new("GetBucketsAggregation", BucketsAsync),
        new("GetThingConnectivityData", ConnectivityAsync),
    ];

    private ValueTask<AwsReply> GetConfiguration(AwsCall call, CancellationToken cancellationToken) => new(AwsReply.Json(writer => IndexingConfiguration.Write(writer, search.Settings)));

    private async ValueTask<AwsReply> UpdateConfigurationAsync(AwsCall call, CancellationToken cancellationToken)
    {
        await search.UpdateSettingsAsync(IndexingConfiguration.Read(call.Body, search.Settings), cancellationToken);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.Page(Names.Where(name => search.StatusOf(name) != IndexStatus.Off).ToList(), static name => name);
        return new(AwsReply.Json(writer =>
        {
            writer.WriteStrings("indexNames", page.Items);
            writer.WriteOptional("nextToken", page.NextToken);
        }));
    }

    private ValueTask<AwsReply> Describe(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("indexName");
        var status = search.StatusOf(name);
        if (status == IndexStatus.Off)
            throw AwsException.NotFound($"index {name} is not there, or it is off");
        return new(AwsReply.Json(writer =>
        {
            writer.WriteString("indexName"u8, name);
            writer.WriteString("indexStatus"u8, status == IndexStatus.Active ? "ACTIVE" : "BUILDING");
            writer.WriteString("schema"u8, name == IndexName.ThingGroups ? "REGISTRY" : IndexingConfiguration.Schema(search.Settings));
        }));
    }

    private async ValueTask<AwsReply> SearchAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (index, query) = Asked(call);
        var size = call.Body.Int64("maxResults") ?? MostFound;
        if (size is < 1 or > MostFound)
            throw AwsException.InvalidRequest($"maxResults is {size}, allowed are 1 to {MostFound}");
        var after = call.Body.String("nextToken") is { Length: > 0 } token ? SearchToken.Decode(token, index, query) : "";
        if (index == IndexName.ThingGroups)
        {
            var found = await search.GroupsAsync(query, after, (int)size, cancellationToken);
            return AwsReply.Json(writer =>
            {
                writer.WriteObjects("thingGroups", found.Items, WriteGroup);
                writer.WriteOptional("nextToken", found.Last is { } last ? SearchToken.Encode(index, query, last) : null);
            });
        }
        var things = await search.ThingsAsync(query, after, (int)size, cancellationToken);
        return AwsReply.Json(writer =>
        {
            writer.WriteObjects("things", things.Items, WriteThing);
            writer.WriteOptional("nextToken", things.Last is { } last ? SearchToken.Encode(index, query, last) : null);
        });
    }

    private async ValueTask<AwsReply> StatisticsAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (index, query) = Asked(call);
        var statistics = await search.StatisticsAsync(index, query, call.Body.String("aggregationField"), cancellationToken);
        return AwsReply.Json(writer => writer.WriteObject("statistics", figures =>
        {
            figures.WriteNumber("count"u8, statistics.Count);
            if (statistics.Numbers is not { } numbers)
                return;
            figures.WriteNumber("average"u8, numbers.Average);
            figures.WriteNumber("sum"u8, numbers.Sum);
            figures.WriteNumber("minimum"u8, numbers.Minimum);
            figures.WriteNumber("maximum"u8, numbers.Maximum);
            figures.WriteNumber("sumOfSquares"u8, numbers.SumOfSquares);
            figures.WriteNumber("variance"u8, numbers.Variance);
            figures.WriteNumber("stdDeviation"u8, numbers.StandardDeviation);
        }));
    }

    private async ValueTask<AwsReply> CardinalityAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (index, query) = Asked(call);
        var cardinality = await search.CardinalityAsync(index, query, call.Body.String("aggregationField"), cancellationToken);
        return AwsReply.Json(writer => writer.WriteNumber("cardinality"u8, cardinality));
    }

    private async ValueTask<AwsReply> PercentilesAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (index, query) = Asked(call);
        var percents = call.Body.Numbers("percents") ?? UsualPercents;
        if (percents.FirstOrDefault(static percent => percent is < 0 or > 100) is not 0 and var wrong)
            throw AwsException.InvalidRequest($"percents holds {wrong}, allowed are 0 to 100");
        var values = await search.PercentilesAsync(index, query, call.Body.String("aggregationField"), percents, cancellationToken);
        return AwsReply.Json(writer => writer.WriteObjects("percentiles", values, static (item, value) =>
        {
            item.WriteNumber("percent"u8, value.Percent);
            item.WriteNumber("value"u8, value.Value);
        }));
    }

    private async ValueTask<AwsReply> BucketsAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var (index, query) = Asked(call);
        var type = call.Body.Object("bucketsAggregationType") ?? throw AwsException.Missing("bucketsAggregationType");
        var terms = type.Object("termsAggregation") ?? throw AwsException.InvalidRequest("bucketsAggregationType.termsAggregation is missing");
        var most = terms.Int64("maxBuckets") ?? UsualBuckets;
        if (most is < 1 or > MostBuckets)
            throw AwsException.InvalidRequest($"bucketsAggregationType.termsAggregation.maxBuckets is {most}, allowed are 1 to {MostBuckets}");
        var (total, buckets) = await search.BucketsAsync(index, query, call.Body.Required("aggregationField"), (int)most, cancellationToken);
        return AwsReply.Json(writer =>
        {
            writer.WriteNumber("totalCount"u8, total);
            writer.WriteObjects("buckets", buckets, static (item, bucket) =>
            {
                item.WriteString("keyValue"u8, bucket.Value);
                item.WriteNumber("count"u8, bucket.Count);
            });
        });
    }

    private async ValueTask<AwsReply> ConnectivityAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("thingName");
        if (catalog.Find(name) is null)
            throw AwsException.NotFound($"thing {name} is not registered");
        var connectivity = await search.ConnectivityAsync(name, cancellationToken);
        return AwsReply.Json(writer =>
        {
            writer.WriteString("thingName"u8, name);
            writer.WriteBoolean("connected"u8, connectivity?.Connected ?? false);
            writer.WriteTime("timestamp", connectivity?.Timestamp);
            writer.WriteOptional("disconnectReason", connectivity?.DisconnectReason);
        });
    }

    private static (string Index, string Query) Asked(AwsCall call)
    {
        if (call.Body.String("queryVersion") is { } version && version != "2017-09-30")
            throw AwsException.InvalidRequest($"queryVersion is '{version}', expected 2017-09-30");
        var index = call.Body.String("indexName") ?? IndexName.Things;
        return Names.Contains(index) ? (index, call.Body.Required("queryString")) : throw AwsException.NotFound($"index {index} is not there: there are {string.Join(" and ", Names)}");
    }

    private static void WriteThing(Utf8JsonWriter writer, FoundThing found)
    {
        writer.WriteString("thingName"u8, found.Thing.Name);
        writer.WriteString("thingId"u8, found.Thing.Id);
        writer.WriteOptional("thingTypeName", found.Thing.TypeName);
        if (found.Groups.Count > 0)
            writer.WriteStrings("thingGroupNames", found.Groups);
        if (found.Thing.Attributes.Count > 0)
            writer.WriteMap("attributes", found.Thing.Attributes);
        writer.WriteOptional("shadow", found.Shadow);
        if (found.Connectivity is { } connectivity)
            writer.WriteObject("connectivity", state =>
            {
                state.WriteBoolean("connected"u8, connectivity.Connected);
                state.WriteNumber("timestamp"u8, connectivity.Timestamp);
                state.WriteOptional("disconnectReason", connectivity.DisconnectReason);
            });
    }

    private void WriteGroup(Utf8JsonWriter writer, ThingGroup group)
    {
        writer.WriteString("thingGroupName"u8, group.Name);
        writer.WriteString("thingGroupId"u8, group.Id);
        writer.WriteOptional("thingGroupDescription", group.Description);
        if (group.Attributes.Count > 0)
            writer.WriteMap("attributes", group.Attributes);
        if (groups.AncestorsOf(group.Name) is { Count: > 0 } ancestors)
            writer.WriteStrings("parentGroupNames", ancestors.Select(static ancestor => ancestor.Name));
    }
}
