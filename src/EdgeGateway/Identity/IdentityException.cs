namespace EdgeGateway.Identity;

/// <summary>A request of a person, program or device that identity refuses. An exception, not a value: it undoes the storage write it comes out of.</summary>
public sealed class IdentityException(IdentityError error, string message) : Exception(message)
{
    public IdentityError Error => error;

    /// <summary>For ResourceAlreadyExists: the id of what is there.</summary>
    public string? ResourceId { get; init; }

    public string? ResourceArn { get; init; }

    internal static IdentityException NotFound(string kind, string name) => new(IdentityError.ResourceNotFound, $"there is no {kind} {name}");
}
