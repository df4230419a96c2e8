using EdgeGateway.Registry;

namespace EdgeGateway.Identity;

/// <summary>A refusal of the registry in identity's words, where identity writes things on somebody's behalf.</summary>
internal static class RegistryErrors
{
    public static IdentityException ToException(RegistryError error) => new(
        error.Kind switch
        {
            RegistryErrorKind.ResourceNotFound => IdentityError.ResourceNotFound,
            RegistryErrorKind.ResourceAlreadyExists => IdentityError.ResourceAlreadyExists,
            RegistryErrorKind.LimitExceeded => IdentityError.LimitExceeded,
            _ => IdentityError.InvalidRequest,
        },
        error.Message)
    {
        ResourceArn = error.ResourceArn,
        ResourceId = error.ResourceId,
    };
}
