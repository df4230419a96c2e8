using EdgeGateway.Sync;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Where messages go upward: how each upstream fares, and what it would not take.</summary>
internal static class UpstreamEndpoints
{
    private const int ParkedDefault = 50, ParkedMost = 1000;

    public static void MapUpstreams(this IEndpointRouteBuilder routes)
    {
        var upstreams = routes.MapGroup("/edge/v1/upstreams").WithTags("Upstreams");
        upstreams.MapGet("", static (ISyncStatus sync) => TypedResults.Ok(sync.Upstreams));
        upstreams.MapGet("/{upstream}/parked", Parked);
        upstreams.MapPost("/{upstream}/connect", Connect);
    }

    private static Results<Ok<IReadOnlyList<ParkedMessage>>, ProblemHttpResult> Parked(string upstream, int? limit, ISyncStatus sync)
    {
        if (limit is < 1 or > ParkedMost)
            return Problems.BadRequest($"limit is {limit}, allowed are 1 to {ParkedMost}");
        return sync.Parked(upstream, limit ?? ParkedDefault) is { } parked ? TypedResults.Ok(parked) : Problems.NotFound("upstream", upstream);
    }

    private static Results<NoContent, ProblemHttpResult> Connect(string upstream, ISyncStatus sync) =>
        sync.ConnectNow(upstream) ? TypedResults.NoContent() : Problems.NotFound("upstream", upstream);
}
