using EdgeGateway.Identity;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Access;

/// <summary>Who changed what.</summary>
internal static class AuditEndpoints
{
    private const int MaxEntries = 1000;

    public static void MapAudit(this IEndpointRouteBuilder routes) => routes.MapGet("/edge/v1/audit", List).WithTags("Identity");

    private static Ok<AuditEntryResponse[]> List(long? before, int? limit, IAuditLog audit) => TypedResults.Ok<AuditEntryResponse[]>(
        [.. audit.List(before, Math.Clamp(limit ?? 50, 1, MaxEntries)).Select(static entry =>
            new AuditEntryResponse(entry.Sequence, entry.At, entry.Actor, entry.Action, entry.Subject, entry.Detail))]);
}
