using EdgeGateway.Api.Access;
using EdgeGateway.Identity.Credentials;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Catalog;

/// <summary>Keys for AWS CLI and SDKs, below <c>/edge/v1/access-keys</c>.</summary>
internal static class AccessKeyEndpoints
{
    public static void MapAccessKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/edge/v1/access-keys").AddEndpointFilter<IdentityRefusals>().WithTags("Access");
        keys.MapGet("", List).WithSummary("Access keys, without their secrets");
        keys.MapPost("", CreateAsync).WithSummary("Makes an access key; its secret is shown this once");
        keys.MapDelete("/{accessKeyId}", DeleteAsync).WithSummary("Deletes an access key");
    }

    private static Ok<AccessKeyResponse[]> List(IAccessKeys keys) => TypedResults.Ok(keys.List().Select(static key => Response(key, secret: null)).ToArray());

    private static async Task<Ok<AccessKeyResponse>> CreateAsync(AccessKeyRequest request, Caller caller, IAccessKeys keys)
    {
        var (key, secret) = await keys.CreateAsync(request.Owner ?? caller.Actor, RoleNames.Parse(request.Role, Role.Administrator), caller.Actor);
        return TypedResults.Ok(Response(key, secret));
    }

    private static async Task<NoContent> DeleteAsync(string accessKeyId, Caller caller, IAccessKeys keys)
    {
        await keys.DeleteAsync(accessKeyId, caller.Actor);
        return TypedResults.NoContent();
    }

    private static AccessKeyResponse Response(AccessKey key, string? secret) => new(key.Id, secret, key.Owner, key.Role.ToWire(), key.Created);
}
