using EdgeGateway.Shadows;
using EdgeGateway.Sync;
using EdgeGateway.Sync.State;
using EdgeGateway.Sync.Things;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Shadows kept alike with upstreams: how they stand, what was given up for it, and how to have it back.</summary>
internal static class ShadowSyncEndpoints
{
    private const int JournalDefault = 50, JournalMost = 1000;

    public static void MapShadowSync(this IEndpointRouteBuilder routes)
    {
        var sync = routes.MapGroup("/edge/v1/sync").WithTags("Sync");
        sync.MapGet("/upstreams", Upstreams);
        sync.MapGet("/shadows", Shadows);
        sync.MapGet("/journal", Journal);
        sync.MapPost("/journal/{entry:long}/restore", RestoreAsync);
        sync.MapPost("/now", Now);
    }

    private static Ok<ShadowSyncResponse[]> Upstreams(IShadowSync sync) => TypedResults.Ok(sync.Upstreams.Select(ShadowSyncResponse.From).ToArray());

    private static Ok<SyncedShadowResponse[]> Shadows(string? state, IShadowSync sync) =>
        TypedResults.Ok(sync.Shadows.Where(shadow => state is null || shadow.State == state).Select(SyncedShadowResponse.From).ToArray());

    private static Results<Ok<ConflictResponse[]>, ProblemHttpResult> Journal(string? upstream, string? thing, string? name, int? limit, IShadowSync sync)
    {
        if (limit is < 1 or > JournalMost)
            return Problems.BadRequest($"limit is {limit}, allowed are 1 to {JournalMost}");
        ShadowId? shadow = thing is null ? null : new ShadowId(thing, name ?? "");
        return TypedResults.Ok(sync.Journal(upstream, shadow, limit ?? JournalDefault).Select(ConflictResponse.From).ToArray());
    }

    private static async Task<Results<FileContentHttpResult, ProblemHttpResult>> RestoreAsync(long entry, IShadowSync sync, CancellationToken cancellationToken) =>
        await sync.RestoreAsync(entry, cancellationToken) switch
        {
            null => Problems.NotFound("journal entry", entry.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ShadowAnswer.Accepted accepted => TypedResults.Bytes(accepted.Body, "application/json"),
            ShadowAnswer.Rejected { Error: var error } => Problems.Problem(error.Code, "Shadow request refused", error.Message),
            _ => throw new InvalidOperationException("an answer is accepted or rejected"),
        };

    /// <summary>Connects what waits for its next attempt, and compares every shadow again.</summary>
    private static NoContent Now(IShadowSync sync, IRegistrySync registry, ISyncStatus messages)
    {
        registry.CompareNow();
        messages.ConnectNow(name: null);
        sync.ReconcileNow();
        return TypedResults.NoContent();
    }
}
