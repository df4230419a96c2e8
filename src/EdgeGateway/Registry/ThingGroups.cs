using System.Collections.Immutable;

namespace EdgeGateway.Registry;

internal sealed class ThingGroups(RegistryState state) : IThingGroups
{
    public IReadOnlyList<ThingGroup> All => state.Current.Groups;

    public ThingGroup? Find(string name) => state.Current.Groups.Find(name);

    public IReadOnlyList<ThingGroup> AncestorsOf(string name)
    {
        var current = state.Current;
        return current.Groups.Find(name) is { } group ? current.AncestorsOf(group) : [];
    }

    public IReadOnlyList<string> DirectGroupsOf(string thingName) => state.Current.Memberships.RightsOf(thingName);

    public IReadOnlyList<string> MembersOf(string name, bool recursive)
    {
        var current = state.Current;
        if (!recursive)
            return current.Memberships.LeftsOf(name);
        return current.SelfAndDescendants(name).Select(current.Memberships.LeftsOf).Aggregate(static (all, members) => all.Union(members));
    }

    public Task<RegistryResult<ThingGroup>> CreateAsync(
        string name, string? parentName, string? description, IReadOnlyDictionary<string, string> attributes,
        IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Create(write, name, parentName, null, description, attributes, tags), cancellationToken);

    public Task<RegistryResult<ThingGroup>> CreateDynamicAsync(
        string name, DynamicQuery query, string? description, IReadOnlyDictionary<string, string> attributes, IReadOnlyDictionary<string, string> tags,
        CancellationToken cancellationToken) =>
        state.WriteAsync(write => Create(write, name, null, query, description, attributes, tags), cancellationToken);

    public Task<RegistryResult<ThingGroup>> UpdateAsync(
        string name, string? description, AttributeChange? attributes, long? expectedVersion, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Update(write, name, isDynamic: false, null, description, attributes, expectedVersion), cancellationToken);

    public Task<RegistryResult<ThingGroup>> UpdateDynamicAsync(
        string name, DynamicQuery? query, string? description, AttributeChange? attributes, long? expectedVersion, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Update(write, name, isDynamic: true, query, description, attributes, expectedVersion), cancellationToken);

    public Task<RegistryResult<bool>> DeleteAsync(string name, long? expectedVersion, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Delete(write, name, isDynamic: false, expectedVersion), cancellationToken);

    public Task<RegistryResult<bool>> DeleteDynamicAsync(string name, long? expectedVersion, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Delete(write, name, isDynamic: true, expectedVersion), cancellationToken);

    public Task<RegistryResult<bool>> SetDynamicGroupsAsync(IReadOnlyList<(string Thing, IReadOnlyList<string> Groups)> memberships, CancellationToken cancellationToken) =>
        state.WriteAsync(write => SetDynamicGroups(write, memberships), cancellationToken);

    public Task<RegistryResult<bool>> ChangeMembershipAsync(
        string thingName, IReadOnlyList<string> add, IReadOnlyList<string> remove, CancellationToken cancellationToken, bool overridesDynamicGroups = false) =>
        state.WriteAsync(write => ChangeMembership(write, thingName, add, remove, overridesDynamicGroups), cancellationToken);

    private static RegistryResult<ThingGroup> Create(
        RegistryWrite write, string name, string? parentName, DynamicQuery? query, string? description, IReadOnlyDictionary<string, string> attributes, IReadOnlyDictionary<string, string> tags)
    {
        if ((RegistryRules.Name("thingGroupName", name) ?? RegistryRules.Description("thingGroupDescription", description)
             ?? RegistryRules.Attributes(attributes) ?? RegistryRules.Tags(tags)) is { } malformed)
            return malformed;
        var wanted = new ThingGroup(name, RegistryWrite.NewId(), parentName, description, AttributeMap.Of(attributes), 1, write.Now, query);
        if (write.State.Groups.Find(name) is { } existing)
        {
            return existing with { Id = wanted.Id, Version = 1, CreatedAt = write.Now } == wanted
                ? existing
                : RegistryError.Exists("thing group", name, write.Arn("thinggroup", name), existing.Id);
        }
        if ((CheckParent(write, parentName) ?? CheckCount(wanted)) is { } refused)
            return refused;
        write.Put(wanted);
        write.SetTags(write.Arn("thinggroup", name), tags.ToImmutableSortedDictionary(StringComparer.Ordinal));
        return wanted;
    }

    private static RegistryResult<ThingGroup> Update(
        RegistryWrite write, string name, bool isDynamic, DynamicQuery? query, string? description, AttributeChange? attributes, long? expectedVersion)
    {
        if ((RegistryRules.Description("thingGroupDescription", description) ?? (attributes is null ? null : RegistryRules.Attributes(attributes.Values))) is { } malformed)
            return malformed;
        if (write.State.Groups.Find(name) is not { } group)
            return RegistryError.NotFound("thing group", name);
        if (CheckKind(group, isDynamic) is { } otherKind)
            return otherKind;
        if (expectedVersion is { } expected && expected != group.Version)
            return RegistryError.Version("thing group", name, expected, group.Version);
        var next = group with
        {
            Description = description ?? group.Description,
            Attributes = attributes is null ? group.Attributes : ((AttributeMap)group.Attributes).Apply(attributes),
            Version = group.Version + 1,
            Query = query ?? group.Query,
        };
        if (CheckCount(next) is { } refused)
            return refused;
        write.Put(next);
        return next;
    }

    private static RegistryResult<bool> Delete(RegistryWrite write, string name, bool isDynamic, long? expectedVersion)
    {
        if (write.State.Groups.Find(name) is not { } group)
            return false;
        if (CheckKind(group, isDynamic) is { } otherKind)
            return otherKind;
        if (expectedVersion is { } expected && expected != group.Version)
            return RegistryError.Version("thing group", name, expected, group.Version);
        if (write.State.Hierarchy.RightsOf(name) is { IsEmpty: false } children)
            return RegistryError.Invalid($"thing group {name} has child groups, delete them first: {string.Join(", ", children.Take(10))}");
        write.Delete(group);
        return true;
    }

    private static RegistryResult<bool> ChangeMembership(
        RegistryWrite write, string thingName, IReadOnlyList<string> add, IReadOnlyList<string> remove, bool overridesDynamicGroups)
    {
        if (write.State.Things.Find(thingName) is not { } thing)
            return RegistryError.NotFound("thing", thingName);
        if (add.Concat(remove).FirstOrDefault(name => write.State.Groups.Find(name) is null) is { } missing)
            return RegistryError.NotFound("thing group", missing);
        if (add.Concat(remove).FirstOrDefault(name => write.State.Groups.Find(name)!.Query is not null) is { } dynamic)
            return RegistryError.Invalid($"thing group {dynamic} is dynamic: its query alone makes its members");
        var now = write.State.Memberships.RightsOf(thingName);
        var then = now.Except(remove).Union(add);
        if (overridesDynamicGroups && then.Count > RegistryRules.MaxGroupsPerThing)
            then = then.Except(NewestFirst(write, then).Take(then.Count - RegistryRules.MaxGroupsPerThing));
        if (CheckMembership(write, thingName, then, now) is { } refused)
            return refused;
        Apply(write, thing, now, then);
        return write.HasChanged;
    }

    private static RegistryResult<bool> SetDynamicGroups(RegistryWrite write, IReadOnlyList<(string Thing, IReadOnlyList<string> Groups)> memberships)
    {
        foreach (var (name, groups) in memberships)
        {
            if (write.State.Things.Find(name) is not { } thing)
                continue;
            var now = write.State.Memberships.RightsOf(name);
            var fixedOnes = now.Where(group => write.State.Groups.Find(group)!.Query is null).ToImmutableSortedSet(StringComparer.Ordinal);
            var wanted = NewestFirst(write, groups).Reverse().Take(Math.Max(0, RegistryRules.MaxGroupsPerThing - fixedOnes.Count));
            Apply(write, thing, now, fixedOnes.Union(wanted));
        }
        return write.HasChanged;
    }

    private static IEnumerable<string> NewestFirst(RegistryWrite write, IEnumerable<string> groups) => groups
        .Select(name => write.State.Groups.Find(name)).OfType<ThingGroup>().Where(static group => group.Query is not null)
        .OrderByDescending(static group => group.CreatedAt).ThenByDescending(static group => group.Name, StringComparer.Ordinal).Select(static group => group.Name);

    private static void Apply(RegistryWrite write, Thing thing, ImmutableSortedSet<string> now, ImmutableSortedSet<string> then)
    {
        foreach (var group in now.Except(then))
            write.RemoveMember(thing, group);
        foreach (var group in then.Except(now))
            write.AddMember(thing, group);
    }

    private static RegistryError? CheckKind(ThingGroup group, bool isDynamic) => group.Query is not null == isDynamic
        ? null
        : RegistryError.Invalid(isDynamic ? $"thing group {group.Name} is not dynamic" : $"thing group {group.Name} is dynamic: use the operations of dynamic thing groups");

    private static RegistryError? CheckMembership(RegistryWrite write, string thing, ImmutableSortedSet<string> then, ImmutableSortedSet<string> now)
    {
        if (then.Count > RegistryRules.MaxGroupsPerThing && then.Count > now.Count)
            return RegistryError.Invalid($"thing {thing} would be in {then.Count} groups, allowed are at most {RegistryRules.MaxGroupsPerThing}");
        var clash = then.GroupBy(name => write.State.RootOf(write.State.Groups.Find(name)!)).FirstOrDefault(static groups => groups.Count() > 1);
        return clash is null
            ? null
            : RegistryError.Invalid($"thing {thing} would be in {string.Join(" and ", clash)}, which are of one hierarchy (root {clash.Key}), allowed is one group of each");
    }

    private static RegistryError? CheckParent(RegistryWrite write, string? parentName)
    {
        if (parentName is null)
            return null;
        if (write.State.Groups.Find(parentName) is not { } parent)
            return RegistryError.NotFound("thing group", parentName);
        if (parent.Query is not null)
            return RegistryError.Invalid($"parentGroupName {parentName} is a dynamic group, which has no child groups");
        if (write.State.AncestorsOf(parent).Count + 2 > RegistryRules.MaxGroupDepth)
            return RegistryError.Invalid($"parentGroupName {parentName} is at level {RegistryRules.MaxGroupDepth} already, the deepest allowed");
        return write.State.Hierarchy.RightsOf(parentName).Count >= RegistryRules.MaxChildGroups
            ? RegistryError.Invalid($"parentGroupName {parentName} has {RegistryRules.MaxChildGroups} child groups already, the most allowed")
            : null;
    }

    private static RegistryError? CheckCount(ThingGroup group) => group.Attributes.Count <= RegistryRules.MaxAttributes
        ? null
        : RegistryError.Invalid($"attributes would be {group.Attributes.Count}, allowed are at most {RegistryRules.MaxAttributes}");
}
