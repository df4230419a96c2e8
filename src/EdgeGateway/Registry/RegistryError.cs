namespace EdgeGateway.Registry;

/// <summary>Why the registry refused a write.</summary>
/// <param name="Kind">Which error.</param>
/// <param name="Message">One sentence for a person: which member, what it was and what is allowed.</param>
public sealed record RegistryError(RegistryErrorKind Kind, string Message)
{
    public string? ResourceArn { get; init; }
    public string? ResourceId { get; init; }

    internal static RegistryError Invalid(string message) => new(RegistryErrorKind.InvalidRequest, message);

    internal static RegistryError NotFound(string kind, string name) => new(RegistryErrorKind.ResourceNotFound, $"{kind} {name} is not registered");

    internal static RegistryError Exists(string kind, string name, string arn, string id) =>
        new(RegistryErrorKind.ResourceAlreadyExists, $"{kind} {name} exists already with another configuration") { ResourceArn = arn, ResourceId = id };

    internal static RegistryError Version(string kind, string name, long expected, long actual) =>
        new(RegistryErrorKind.VersionConflict, $"expectedVersion is {expected}, but {kind} {name} is at version {actual}");
}
