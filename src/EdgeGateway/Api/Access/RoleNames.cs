using EdgeGateway.Identity;
using EdgeGateway.Identity.Credentials;

namespace EdgeGateway.Api.Access;

/// <summary>Reads the role a request names.</summary>
internal static class RoleNames
{
    /// <exception cref="IdentityException">InvalidRequest: there is no such role.</exception>
    public static Role Parse(string? role, Role ifAbsent) =>
        role is null ? ifAbsent : Roles.TryParse(role, out var parsed) ? parsed
        : throw new IdentityException(IdentityError.InvalidRequest, $"role is '{role}', expected administrator, operator or viewer");
}
