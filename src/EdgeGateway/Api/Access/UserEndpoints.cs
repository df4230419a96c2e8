using EdgeGateway.Identity.Credentials;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api.Access;

/// <summary>People who may use the console.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/edge/v1/users").AddEndpointFilter<IdentityRefusals>().WithTags("Identity");
        group.MapGet("", List);
        group.MapPost("", AddAsync);
        group.MapPut("/{name}/password", SetPasswordAsync);
        group.MapDelete("/{name}", RemoveAsync);
    }

    private static Ok<UserResponse[]> List(IPeople people) => TypedResults.Ok<UserResponse[]>([.. people.List().Select(UserResponse.From)]);

    private static async Task<Ok<UserResponse>> AddAsync(UserRequest request, IPeople people, Caller caller) =>
        TypedResults.Ok(UserResponse.From(await people.AddAsync(request.Name, request.Password, RoleNames.Parse(request.Role, Role.Operator), caller.Actor)));

    private static async Task<NoContent> SetPasswordAsync(string name, PasswordRequest request, IPeople people, ConsoleSessions sessions, PersonSignIn signIn, Caller caller)
    {
        await people.SetPasswordAsync(name, request.Password, caller.Actor);
        sessions.CloseAllOf(name);
        signIn.Forget(name);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> RemoveAsync(string name, IPeople people, ConsoleSessions sessions, PersonSignIn signIn, Caller caller)
    {
        await people.RemoveAsync(name, caller.Actor);
        sessions.CloseAllOf(name);
        signIn.Forget(name);
        return TypedResults.NoContent();
    }
}
