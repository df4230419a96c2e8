using EdgeGateway.Rules;
using EdgeGateway.Rules.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>Secrets of rules: set, listed without their values, removed. An administrator's.</summary>
internal static class SecretEndpoints
{
    private const int MaxBody = 65_536;

    public static void MapSecrets(this IEndpointRouteBuilder routes)
    {
        var secrets = routes.MapGroup("/edge/v1/secrets").WithTags("Secrets");
        secrets.MapGet("", static (ISecrets all) => TypedResults.Ok(all.All.Select(static secret => new SecretResponse(secret.Name, secret.CreatedAt, secret.UpdatedAt)).ToArray()));
        secrets.MapPut("/{**name}", SetAsync);
        secrets.MapDelete("/{**name}", RemoveAsync);
    }

    // The body is the value, as bytes.
    private static async Task<Results<NoContent, ProblemHttpResult>> SetAsync(string name, HttpRequest request, ISecrets secrets, CancellationToken cancellationToken)
    {
        if (request.ContentLength is null or 0 or > MaxBody)
            return Problems.BadRequest($"a secret has 1 to {MaxBody} bytes");
        var value = new byte[(int)request.ContentLength];
        await request.Body.ReadExactlyAsync(value, cancellationToken);
        return await secrets.SetAsync(name, value) is { } refused ? Problems.BadRequest(refused.Message) : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(string name, ISecrets secrets) =>
        await secrets.RemoveAsync(name) is { Kind: RuleErrorKind.NotFound } ? Problems.NotFound("secret", name) : TypedResults.NoContent();
}
