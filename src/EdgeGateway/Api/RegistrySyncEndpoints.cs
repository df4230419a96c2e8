using EdgeGateway.Sync.State;
using EdgeGateway.Sync.Things;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Registries kept alike with upstreams: how each entry stands, what was given up for it, and who is to have their way.</summary>
internal static class RegistrySyncEndpoints
{
    private const int JournalDefault = 50, JournalMost = 1000;

    public static void MapRegistrySync(this IEndpointRouteBuilder routes)
    {
        var sync = routes.MapGroup("/edge/v1/sync/registry").WithTags("Sync");
        sync.MapGet("", Entries);
        sync.MapGet("/upstreams", Upstreams);
        sync.MapGet("/journal", Journal);
        sync.MapPost("/settle", SettleAsync);
    }

    private static Ok<SyncedEntryResponse[]> Entries(string? state, IRegistrySync sync) => TypedResults.Ok(sync.Entries
        .Select(static entry => SyncedEntryResponse.From(entry.Upstream, entry.Record)).Where(entry => state is null || entry.State == state).ToArray());

    private static Ok<RegistrySyncResponse[]> Upstreams(IRegistrySync sync) => TypedResults.Ok(sync.Upstreams.Select(RegistrySyncResponse.From).ToArray());

    private static Results<Ok<RegistryConflictResponse[]>, ProblemHttpResult> Journal(int? limit, IRegistrySync sync) => limit is < 1 or > JournalMost
        ? Problems.BadRequest($"limit is {limit}, allowed are 1 to {JournalMost}")
        : TypedResults.Ok(sync.Journal(limit ?? JournalDefault).Select(RegistryConflictResponse.From).ToArray());

    private static async Task<Results<Ok<SyncedEntryResponse>, ProblemHttpResult>> SettleAsync(SettleRequest request, IRegistrySync sync, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<RegistryKind>(request.Kind, ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
            return Problems.BadRequest($"kind is '{request.Kind}', expected type, group or thing");
        if (request.Keep is not ("here" or "there"))
            return Problems.BadRequest($"keep is '{request.Keep}', expected here or there");
        if (sync.Upstreams.All(upstream => upstream.Upstream != request.Upstream))
            return Problems.NotFound("upstream with a registry", request.Upstream);
        try
        {
            var key = new RegistryKey(kind, request.Name);
            return await sync.SettleAsync(request.Upstream, key, request.Keep == "here", cancellationToken) is { } record
                ? TypedResults.Ok(SyncedEntryResponse.From(request.Upstream, record))
                : Problems.NotFound(request.Kind, request.Name);
        }
        catch (RegistryRefusedException ex)
        {
            return Problems.Conflict(ex.Message);
        }
        catch (UpstreamLostException ex)
        {
            return Problems.Unavailable(ex.Message);
        }
    }
}
