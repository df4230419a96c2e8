using System.Collections.Immutable;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Sync.State;

namespace EdgeGateway.Sync.Things;

/// <summary>This gateway's registry.</summary>
internal sealed class LocalRegistry(RegistryRoute route, IThingCatalog catalog, IThings things, IThingTypes types, IThingGroups groups) : IRegistrySide
{
    public Task<IReadOnlyDictionary<RegistryKey, RegistryItem>> ReadAllAsync(CancellationToken cancellationToken)
    {
        var all = new Dictionary<RegistryKey, RegistryItem>();
        foreach (var type in types.All)
            all[new(RegistryKind.Type, type.Name)] = Of(type);
        foreach (var group in groups.All.Where(group => group.Query is null && NamePattern.Matches(route.Groups, group.Name)))
            all[new(RegistryKind.Group, group.Name)] = Of(group);
        foreach (var thing in catalog.Things.Where(IsChosen))
            all[new(RegistryKind.Thing, thing.Name)] = Of(thing);
        return Task.FromResult<IReadOnlyDictionary<RegistryKey, RegistryItem>>(all);
    }

    public Task<RegistryItem?> ReadAsync(RegistryKey key, CancellationToken cancellationToken) => Task.FromResult(key.Kind switch
    {
        RegistryKind.Type => types.Find(key.Name) is { } type ? Of(type) : null,
        RegistryKind.Group => groups.Find(key.Name) is { Query: null } group ? Of(group) : null,
        _ => catalog.Find(key.Name) is { } thing ? Of(thing) : null,
    });

    public async Task WriteAsync(RegistryKey key, RegistryItem? before, ImmutableSortedDictionary<string, string> leaves, CancellationToken cancellationToken)
    {
        var wanted = new RegistryItem(leaves, 0);
        switch (key.Kind)
        {
            case RegistryKind.Type:
                await WriteTypeAsync(key.Name, before, wanted, cancellationToken);
                break;
            case RegistryKind.Group when before is null:
                Check(await groups.CreateAsync(key.Name, wanted.Get(RegistryItem.Parent), wanted.Get(RegistryItem.Description), wanted.AttributeValues, new Dictionary<string, string>(), cancellationToken));
                break;
            case RegistryKind.Group:
                Check(await groups.UpdateAsync(key.Name, wanted.Get(RegistryItem.Description) ?? "", new AttributeChange(wanted.AttributeValues, Merge: false), before.Version, cancellationToken));
                break;
            default:
                await WriteThingAsync(key.Name, before, wanted, cancellationToken);
                break;
        }
    }

    public async Task DeleteAsync(RegistryKey key, RegistryItem before, CancellationToken cancellationToken)
    {
        if (key.Kind == RegistryKind.Group)
            Check(await groups.DeleteAsync(key.Name, before.Version, cancellationToken));
        else
            Check(await things.DeleteAsync(key.Name, before.Version, cancellationToken));
    }

    public void Dispose()
    {
        // Nothing is its own.
    }

    private async Task WriteTypeAsync(string name, RegistryItem? before, RegistryItem wanted, CancellationToken cancellationToken)
    {
        var properties = new ThingTypeProperties(wanted.Get(RegistryItem.Description), Search(wanted), null);
        if (before is null)
            Check(await types.CreateAsync(name, properties, new Dictionary<string, string>(), cancellationToken));
        else if (before.Get(RegistryItem.Description) != properties.Description)
            Check(await types.UpdateAsync(name, properties, cancellationToken));
        var isDeprecated = wanted.Get(RegistryItem.Deprecated) is not null;
        if (isDeprecated != (before?.Get(RegistryItem.Deprecated) is not null))
            Check(await types.DeprecateAsync(name, undo: !isDeprecated, cancellationToken));
    }

    private async Task WriteThingAsync(string name, RegistryItem? before, RegistryItem wanted, CancellationToken cancellationToken)
    {
        var type = wanted.Get(RegistryItem.Type);
        if (before is null)
            Check(await things.CreateAsync(name, type, wanted.AttributeValues, billingGroupName: null, cancellationToken));
        else if (!RegistryItem.Same(before.WithoutGroups, wanted.WithoutGroups))
            Check(await things.UpdateAsync(
                new ThingUpdate(name)
                {
                    TypeName = type, RemoveType = type is null && before.Get(RegistryItem.Type) is not null, Attributes = new(wanted.AttributeValues, Merge: false), ExpectedVersion = before.Version,
                },
                cancellationToken));
        var (had, has) = (before?.GroupNames ?? [], wanted.GroupNames);
        if (!had.SequenceEqual(has))
            Check(await groups.ChangeMembershipAsync(name, [.. has.Except(had)], [.. had.Except(has)], cancellationToken));
    }

    /// <summary>Whether the thing is here, and the route chooses it.</summary>
    public bool IsChosen(string thing) => catalog.Find(thing) is { } found && IsChosen(found);

    private bool IsChosen(Thing thing) =>
        NamePattern.Matches(route.Things, thing.Name) && (route.InGroups.Count == 0 || catalog.GroupsOf(thing.Name).Any(route.InGroups.Contains));

    private static string[] Search(RegistryItem item) => item.Get(RegistryItem.Search)?.Split(',') ?? [];

    private static RegistryItem Of(ThingType type)
    {
        var leaves = RegistryItem.Build();
        if (type.Properties.Description is { Length: > 0 } description)
            leaves[RegistryItem.Description] = description;
        if (type.Properties.SearchableAttributes.Count > 0)
            leaves[RegistryItem.Search] = string.Join(',', type.Properties.SearchableAttributes.Order(StringComparer.Ordinal));
        if (type.IsDeprecated)
            leaves[RegistryItem.Deprecated] = "true";
        return new(leaves.ToImmutable(), 0);
    }

    private static RegistryItem Of(ThingGroup group)
    {
        var leaves = RegistryItem.Build();
        if (group.ParentName is { } parent)
            leaves[RegistryItem.Parent] = parent;
        if (group.Description is { Length: > 0 } description)
            leaves[RegistryItem.Description] = description;
        foreach (var (name, value) in group.Attributes)
            leaves[RegistryItem.Attributes + name] = value;
        return new(leaves.ToImmutable(), group.Version);
    }

    private RegistryItem Of(Thing thing)
    {
        var leaves = RegistryItem.Build();
        if (thing.TypeName is { } type)
            leaves[RegistryItem.Type] = type;
        foreach (var (name, value) in thing.Attributes)
            leaves[RegistryItem.Attributes + name] = value;
        foreach (var group in groups.DirectGroupsOf(thing.Name).Where(group => groups.Find(group) is { Query: null } && NamePattern.Matches(route.Groups, group)))
            leaves[RegistryItem.Groups + group] = "";
        return new(leaves.ToImmutable(), thing.Version);
    }

    private static void Check<T>(RegistryResult<T> result)
    {
        if (result is RegistryResult<T>.Refused { Error: var error })
            throw new RegistryRefusedException($"this gateway: {error.Message}", error.Kind == RegistryErrorKind.VersionConflict);
    }
}
