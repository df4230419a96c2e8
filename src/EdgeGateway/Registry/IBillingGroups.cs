namespace EdgeGateway.Registry;

/// <summary>Billing groups and who is in them.</summary>
public interface IBillingGroups
{
    /// <summary>In order of their names, as they are now.</summary>
    IReadOnlyList<BillingGroup> All { get; }

    BillingGroup? Find(string name);

    /// <summary>Names of the things in the group, in order.</summary>
    IReadOnlyList<string> MembersOf(string name);

    Task<RegistryResult<BillingGroup>> CreateAsync(
        string name, string? description, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken);

    Task<RegistryResult<BillingGroup>> UpdateAsync(string name, string? description, long? expectedVersion, CancellationToken cancellationToken);

    /// <summary>Its things are in none afterwards; a missing group is no error.</summary>
    /// <returns>Whether there was one.</returns>
    Task<RegistryResult<bool>> DeleteAsync(string name, long? expectedVersion, CancellationToken cancellationToken);

    /// <returns>Whether anything changed.</returns>
    Task<RegistryResult<bool>> AddThingAsync(string name, string thingName, CancellationToken cancellationToken);

    /// <returns>Whether anything changed.</returns>
    Task<RegistryResult<bool>> RemoveThingAsync(string name, string thingName, CancellationToken cancellationToken);
}
