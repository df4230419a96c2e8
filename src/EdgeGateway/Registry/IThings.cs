namespace EdgeGateway.Registry;

/// <summary>Writes things. Each answer comes after the write is on disk.</summary>
public interface IThings
{
    /// <summary>Makes a thing; one that is there already in the same configuration is returned as it is.</summary>
    /// <param name="attributes">Empty values are left out.</param>
    Task<RegistryResult<Thing>> CreateAsync(
        string name, string? typeName, IReadOnlyDictionary<string, string> attributes, string? billingGroupName, CancellationToken cancellationToken);

    Task<RegistryResult<Thing>> UpdateAsync(ThingUpdate update, CancellationToken cancellationToken);

    /// <summary>The thing leaves its groups. Refused while principals are attached; a missing thing is no error.</summary>
    /// <returns>Whether there was one.</returns>
    Task<RegistryResult<bool>> DeleteAsync(string name, long? expectedVersion, CancellationToken cancellationToken);

    /// <summary>Attaches a principal; doing so twice is harmless. The caller has checked that the principal exists.</summary>
    /// <param name="exclusive">The principal may be attached to this thing only.</param>
    /// <returns>Whether anything changed.</returns>
    Task<RegistryResult<bool>> AttachAsync(string thingName, string principalArn, bool exclusive, CancellationToken cancellationToken);

    /// <returns>Whether it was attached.</returns>
    Task<RegistryResult<bool>> DetachAsync(string thingName, string principalArn, CancellationToken cancellationToken);
}
