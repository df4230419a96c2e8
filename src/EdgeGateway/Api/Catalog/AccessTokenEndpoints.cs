using EdgeGateway.Api.Access;
using EdgeGateway.Identity.Credentials;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Catalog;

/// <summary>Bearer tokens, below <c>/edge/v1/access-keys/tokens</c>.</summary>
internal static class AccessTokenEndpoints
{
    private const long DefaultSeconds = 30 * 24 * 3600;
    private const long LongestSeconds = 10L * 366 * 24 * 3600;

    public static void MapAccessTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/edge/v1/access-keys/tokens").AddEndpointFilter<IdentityRefusals>().WithTags("Access");
        tokens.MapGet("", List).WithSummary("Bearer tokens, without their secrets");
        tokens.MapPost("", CreateAsync).WithSummary("Makes a bearer token; it is shown this once");
        tokens.MapDelete("/{tokenId}", DeleteAsync).WithSummary("Deletes a bearer token");
    }

    private static Ok<AccessTokenResponse[]> List(IBearerTokens tokens) => TypedResults.Ok(tokens.List().Select(static token => Response(token, secret: null)).ToArray());

    private static async Task<Results<Ok<AccessTokenResponse>, ProblemHttpResult>> CreateAsync(AccessTokenRequest request, Caller caller, IBearerTokens tokens)
    {
        if (request.LifetimeSeconds is < 60 or > LongestSeconds)
            return Problems.BadRequest($"lifetimeSeconds is {request.LifetimeSeconds}, allowed are 60 to {LongestSeconds}");
        var (token, secret) = await tokens.CreateAsync(
            request.Owner ?? caller.Actor, RoleNames.Parse(request.Role, Role.Viewer), TimeSpan.FromSeconds(request.LifetimeSeconds ?? DefaultSeconds), caller.Actor);
        return TypedResults.Ok(Response(token, secret));
    }

    private static async Task<NoContent> DeleteAsync(string tokenId, Caller caller, IBearerTokens tokens)
    {
        await tokens.DeleteAsync(tokenId, caller.Actor);
        return TypedResults.NoContent();
    }

    private static AccessTokenResponse Response(BearerToken token, string? secret) => new(token.Id, secret, token.Owner, token.Role.ToWire(), token.Created, token.Expires);
}
