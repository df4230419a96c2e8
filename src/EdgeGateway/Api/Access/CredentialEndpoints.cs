using EdgeGateway.Identity;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Identity.Policies;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Access;

/// <summary>User names and passwords of devices and programs.</summary>
internal static class CredentialEndpoints
{
    public static void MapCredentials(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/edge/v1/credentials").AddEndpointFilter<IdentityRefusals>().WithTags("Identity");
        group.MapGet("", List);
        group.MapPost("", SetAsync);
        group.MapDelete("/{name}", RemoveAsync);
    }

    private static Ok<IReadOnlyList<string>> List(IDeviceCredentials credentials) => TypedResults.Ok(credentials.List());

    private static async Task<NoContent> SetAsync(CredentialRequest request, IDeviceCredentials credentials, IPolicies policies, IdentityArns arns, Caller caller)
    {
        if (request.Policy is { } policy && policies.Find(policy) is null)
            throw new IdentityException(IdentityError.ResourceNotFound, $"there is no policy '{policy}'");
        await credentials.SetAsync(request.UserName, request.Password, caller.Actor);
        if (request.Policy is not null)
            await policies.AttachAsync(request.Policy, arns.User(request.UserName), caller.Actor);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RemoveAsync(string name, IDeviceCredentials credentials, Caller caller)
    {
        await credentials.RemoveAsync(name, caller.Actor);
        return TypedResults.NoContent();
    }
}
