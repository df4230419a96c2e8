namespace EdgeGateway.Registry;

/// <summary>The errors of the registry, named as AWS IoT names them.</summary>
public enum RegistryErrorKind
{
    InvalidRequest,
    ResourceNotFound,

    /// <summary>The name is taken by one configured otherwise; <see cref="RegistryError.ResourceArn"/> and <see cref="RegistryError.ResourceId"/> say which.</summary>
    ResourceAlreadyExists,
    VersionConflict,
    LimitExceeded,
}
