namespace EdgeGateway.Registry;

/// <summary>Thing groups, static and dynamic, and who is in them.</summary>
public interface IThingGroups
{
    /// <summary>In order of their names, as they are now.</summary>
    IReadOnlyList<ThingGroup> All { get; }

    ThingGroup? Find(string name);

    /// <summary>Parent, grandparent and so on up to the root; empty for a root.</summary>
    IReadOnlyList<ThingGroup> AncestorsOf(string name);

    /// <summary>Names of the groups the thing itself is in, in order.</summary>
    IReadOnlyList<string> DirectGroupsOf(string thingName);

    /// <summary>Names of the things in the group, in order, each once.</summary>
    /// <param name="recursive">Those of its descendants too.</param>
    IReadOnlyList<string> MembersOf(string name, bool recursive);

    /// <summary>Makes a group; one that is there already in the same configuration is returned as it is.</summary>
    Task<RegistryResult<ThingGroup>> CreateAsync(
        string name, string? parentName, string? description, IReadOnlyDictionary<string, string> attributes,
        IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken);

    /// <summary>Makes a dynamic group, which has no parent and no members yet; one that is there already in the same configuration is returned as it is.</summary>
    /// <param name="query">Has been checked.</param>
    Task<RegistryResult<ThingGroup>> CreateDynamicAsync(
        string name, DynamicQuery query, string? description, IReadOnlyDictionary<string, string> attributes, IReadOnlyDictionary<string, string> tags,
        CancellationToken cancellationToken);

    /// <inheritdoc cref="UpdateAsync"/>
    /// <param name="query">Null leaves it.</param>
    Task<RegistryResult<ThingGroup>> UpdateDynamicAsync(
        string name, DynamicQuery? query, string? description, AttributeChange? attributes, long? expectedVersion, CancellationToken cancellationToken);

    /// <inheritdoc cref="DeleteAsync"/>
    Task<RegistryResult<bool>> DeleteDynamicAsync(string name, long? expectedVersion, CancellationToken cancellationToken);

    /// <summary>
    /// The dynamic groups each thing is to be in, all others left. Where there is no room for all beside its static ones (10 in all) the older
    /// groups win. Things and groups that are gone meanwhile are passed over.
    /// </summary>
    /// <returns>Whether anything changed.</returns>
    Task<RegistryResult<bool>> SetDynamicGroupsAsync(IReadOnlyList<(string Thing, IReadOnlyList<string> Groups)> memberships, CancellationToken cancellationToken);

    /// <param name="description">Null leaves it.</param>
    /// <param name="attributes">Null leaves them.</param>
    Task<RegistryResult<ThingGroup>> UpdateAsync(
        string name, string? description, AttributeChange? attributes, long? expectedVersion, CancellationToken cancellationToken);

    /// <summary>Memberships vanish with the group. Refused while it has child groups; a missing group is no error.</summary>
    /// <returns>Whether there was one.</returns>
    Task<RegistryResult<bool>> DeleteAsync(string name, long? expectedVersion, CancellationToken cancellationToken);

    /// <summary>Removals and additions in one step; what is so already is harmless.</summary>
    /// <param name="overridesDynamicGroups">Where there is no room for all (10 in all) the thing leaves its newest dynamic groups.</param>
    /// <returns>Whether anything changed.</returns>
    Task<RegistryResult<bool>> ChangeMembershipAsync(
        string thingName, IReadOnlyList<string> add, IReadOnlyList<string> remove, CancellationToken cancellationToken, bool overridesDynamicGroups = false);
}
