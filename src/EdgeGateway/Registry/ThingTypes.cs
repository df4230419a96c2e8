using System.Collections.Immutable;

namespace EdgeGateway.Registry;

internal sealed class ThingTypes(RegistryState state) : IThingTypes
{
    public IReadOnlyList<ThingType> All => state.Current.Types;

    public ThingType? Find(string name) => state.Current.Types.Find(name);

    public Task<RegistryResult<ThingType>> CreateAsync(
        string name, ThingTypeProperties properties, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Create(write, name, properties, tags), cancellationToken);

    public Task<RegistryResult<ThingType>> UpdateAsync(string name, ThingTypeProperties properties, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Update(write, name, properties), cancellationToken);

    public Task<RegistryResult<ThingType>> DeprecateAsync(string name, bool undo, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Deprecate(write, name, undo), cancellationToken);

    public Task<RegistryResult<ThingType>> DeleteAsync(string name, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Delete(write, name), cancellationToken);

    private static RegistryResult<ThingType> Create(RegistryWrite write, string name, ThingTypeProperties properties, IReadOnlyDictionary<string, string> tags)
    {
        if ((RegistryRules.Name("thingTypeName", name) ?? RegistryRules.TypeProperties(properties) ?? RegistryRules.Tags(tags)) is { } malformed)
            return malformed;
        if (write.State.Types.Find(name) is { } existing)
            return existing.Properties.Equals(properties) ? existing : RegistryError.Exists("thing type", name, write.Arn("thingtype", name), existing.Id);
        var type = new ThingType(name, RegistryWrite.NewId(), properties, write.Now, null);
        write.Put(type);
        write.SetTags(write.Arn("thingtype", name), tags.ToImmutableSortedDictionary(StringComparer.Ordinal));
        return type;
    }

    private static RegistryResult<ThingType> Update(RegistryWrite write, string name, ThingTypeProperties properties)
    {
        if (RegistryRules.TypeProperties(properties) is { } malformed)
            return malformed;
        if (write.State.Types.Find(name) is not { } type)
            return RegistryError.NotFound("thing type", name);
        var searchable = type.Properties.SearchableAttributes;
        if (properties.SearchableAttributes.Count > 0 && !properties.SearchableAttributes.Order(StringComparer.Ordinal).SequenceEqual(searchable.Order(StringComparer.Ordinal)))
            return RegistryError.Invalid($"searchableAttributes of thing type {name} were fixed at its creation: [{string.Join(", ", searchable)}]");
        var next = type with
        {
            Properties = new(properties.Description ?? type.Properties.Description, searchable, properties.PropagatingAttributes ?? type.Properties.PropagatingAttributes),
        };
        if (!next.Equals(type))
            write.Put(next);
        return next;
    }

    private static RegistryResult<ThingType> Deprecate(RegistryWrite write, string name, bool undo)
    {
        if (write.State.Types.Find(name) is not { } type)
            return RegistryError.NotFound("thing type", name);
        if (type.IsDeprecated != undo)
            return type;
        var next = type with { DeprecatedAt = undo ? null : write.Now };
        write.Put(next);
        return next;
    }

    private static RegistryResult<ThingType> Delete(RegistryWrite write, string name)
    {
        if (write.State.Types.Find(name) is not { } type)
            return RegistryError.NotFound("thing type", name);
        if (type.DeprecatedAt is not { } deprecatedAt)
            return RegistryError.Invalid($"thing type {name} is not deprecated, deprecate it before deleting it");
        if (write.State.TypeUses.LeftsOf(name) is { IsEmpty: false } users)
            return RegistryError.Invalid($"thing type {name} is the type of {users.Count} things, such as {users[0]}");
        var waited = TimeSpan.FromMilliseconds(write.Now - deprecatedAt);
        if (waited < write.Options.DeprecationWait)
            return RegistryError.Invalid($"thing type {name} was deprecated {waited.TotalSeconds:0} s ago, it may be deleted {write.Options.DeprecationWait.TotalSeconds:0} s after that");
        write.Delete(type);
        return type;
    }
}
