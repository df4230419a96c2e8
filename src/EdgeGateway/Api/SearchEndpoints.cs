using System.Text.Json;
using EdgeGateway.Search;
using EdgeGateway.Search.Query;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>The fleet index for people: things found by a query, and what their values are.</summary>
internal static class SearchEndpoints
{
    private const int Usual = 100, Most = 1000, UsualBuckets = 20;

    public static void MapSearch(this IEndpointRouteBuilder routes)
    {
        var search = routes.MapGroup("/edge/v1/search").WithTags("Search");
        search.MapGet("", FindAsync).WithSummary("Things that a query of the fleet index finds");
        search.MapGet("/values", ValuesAsync).WithSummary("How often each value of a field comes, and the figures of numbers");
    }

    private static async Task<Results<Ok<FoundResponse>, ProblemHttpResult>> FindAsync(string? query, int? limit, string? after, IFleetSearch search, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > Most)
            return Problems.BadRequest($"limit is {limit}, allowed are 1 to {Most}");
        return await AskAsync(async () =>
        {
            var found = await search.ThingsAsync(query ?? "*", after ?? "", limit ?? Usual, cancellationToken);
            return new FoundResponse([.. found.Items.Select(FoundThingResponse.From)], found.Last);
        });
    }

    private static Task<Results<Ok<FieldValuesResponse>, ProblemHttpResult>> ValuesAsync(string? query, string field, int? limit, IFleetSearch search, CancellationToken cancellationToken) => AskAsync(async () =>
    {
        query ??= "*";
        var (total, buckets) = await search.BucketsAsync(IndexName.Things, query, field, Math.Clamp(limit ?? UsualBuckets, 1, Most), cancellationToken);
        var statistics = await search.StatisticsAsync(IndexName.Things, query, field, cancellationToken);
        return new FieldValuesResponse(total, statistics.Count, [.. buckets.Select(static bucket => new FieldValueResponse(bucket.Value, bucket.Count))], statistics.Numbers is { } numbers
            ? new(numbers.Average, numbers.Minimum, numbers.Maximum, numbers.Sum, numbers.StandardDeviation) : null);
    });

    private static async Task<Results<Ok<T>, ProblemHttpResult>> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return TypedResults.Ok(await ask());
        }
        catch (QueryException ex)
        {
            return Problems.BadRequest($"query {ex.Message}");
        }
        catch (AggregationException ex)
        {
            return Problems.BadRequest(ex.Message);
        }
        catch (IndexUnavailableException ex)
        {
            return Problems.Unavailable(ex.Message);
        }
    }
}
