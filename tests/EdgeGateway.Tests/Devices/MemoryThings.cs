using System.Collections.Concurrent;
using EdgeGateway.Registry;

namespace EdgeGateway.Tests.Devices;

/// <summary>Things and their types, made and not changed.</summary>
internal sealed class MemoryThings : IThingCatalog, IThings, IThingTypes
{
    private readonly ConcurrentDictionary<string, ThingType> _types = new();

    public ConcurrentDictionary<string, Thing> Things { get; } = new();

    public IReadOnlyList<ThingType> All => [.. _types.Values];

    public Task<RegistryResult<Thing>> CreateAsync(string name, string? typeName, IReadOnlyDictionary<string, string> attributes, string? billingGroupName, CancellationToken cancellationToken) =>
        Task.FromResult<RegistryResult<Thing>>(Things.GetOrAdd(name, _ => new(name, "id", typeName, attributes, 1, null)));

    public ThingType? Find(string name) => _types.GetValueOrDefault(name);

    public Task<RegistryResult<ThingType>> CreateAsync(string name, ThingTypeProperties properties, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken) =>
        Task.FromResult<RegistryResult<ThingType>>(_types.GetOrAdd(name, _ => new(name, "id", properties, 0, null)));

    Thing? IThingCatalog.Find(string thingName) => Things.GetValueOrDefault(thingName);

    IReadOnlyList<string> IThingCatalog.GroupsOf(string thingName) => [];

    bool IThingCatalog.IsAttached(string thingName, string principalArn) => false;

    IReadOnlyList<string> IThingCatalog.ThingsOf(string principalArn) => [];

    string? IThingCatalog.ExclusiveThingOf(string principalArn) => null;

    IReadOnlyList<string> IThingCatalog.PrincipalsOf(string thingName) => [];

    IReadOnlyList<Thing> IThingCatalog.Things => [.. Things.Values];

    public Task<RegistryResult<Thing>> UpdateAsync(ThingUpdate update, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RegistryResult<bool>> DeleteAsync(string name, long? expectedVersion, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RegistryResult<bool>> AttachAsync(string thingName, string principalArn, bool exclusive, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RegistryResult<bool>> DetachAsync(string thingName, string principalArn, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RegistryResult<ThingType>> UpdateAsync(string name, ThingTypeProperties properties, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RegistryResult<ThingType>> DeprecateAsync(string name, bool undo, CancellationToken cancellationToken) => throw new NotSupportedException();

    Task<RegistryResult<ThingType>> IThingTypes.DeleteAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();
}
