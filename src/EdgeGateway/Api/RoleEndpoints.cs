using EdgeGateway.Rules;
using EdgeGateway.Rules.Roles;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EdgeGateway.Api;

/// <summary>The roles that rules act under (docs/interface.md). An administrator's, as policies are.</summary>
internal static class RoleEndpoints
{
    public static void MapRoles(this IEndpointRouteBuilder routes)
    {
        var roles = routes.MapGroup("/edge/v1/roles").WithTags("Roles");
        roles.MapGet("", List);
        roles.MapPut("", PutAsync);
        roles.MapDelete("/{roleName}", DeleteAsync);
    }

    private static Ok<RoleDocument[]> List(IRuleRoles roles) => TypedResults.Ok(roles.All.Select(static role => new RoleDocument(role.Name, RuleEndpoints.Json(role.Document))).ToArray());

    private static async Task<Results<NoContent, ProblemHttpResult>> PutAsync(RoleDocument role, IRuleRoles roles) =>
        await roles.PutAsync(new RuleRole(role.Name, role.Document.GetRawText())) is { } refused ? Problems.BadRequest(refused.Message) : TypedResults.NoContent();

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string roleName, IRuleRoles roles) =>
        await roles.DeleteAsync(roleName) is { Kind: RuleErrorKind.NotFound } ? Problems.NotFound("role", roleName) : TypedResults.NoContent();
}
