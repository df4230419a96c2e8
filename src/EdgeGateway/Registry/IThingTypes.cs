namespace EdgeGateway.Registry;

/// <summary>Thing types, read and written.</summary>
public interface IThingTypes
{
    /// <summary>In order of their names, as they are now.</summary>
    IReadOnlyList<ThingType> All { get; }

    ThingType? Find(string name);

    /// <summary>Makes a type; one that is there already with the same properties is returned as it is.</summary>
    Task<RegistryResult<ThingType>> CreateAsync(
        string name, ThingTypeProperties properties, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken);

    /// <summary>Changes what was given; searchable attributes are fixed.</summary>
    Task<RegistryResult<ThingType>> UpdateAsync(string name, ThingTypeProperties properties, CancellationToken cancellationToken);

    /// <summary>Deprecated, no thing is given this type any more; undone, the date is forgotten.</summary>
    Task<RegistryResult<ThingType>> DeprecateAsync(string name, bool undo, CancellationToken cancellationToken);

    /// <summary>Refused unless deprecated for <see cref="RegistryOptions.DeprecationWait"/> and unused.</summary>
    Task<RegistryResult<ThingType>> DeleteAsync(string name, CancellationToken cancellationToken);
}
