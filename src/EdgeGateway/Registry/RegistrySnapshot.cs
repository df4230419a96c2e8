using System.Collections.Immutable;

namespace EdgeGateway.Registry;

/// <summary>One whole state of the registry, never changed; a write makes the next one.</summary>
internal sealed record RegistrySnapshot
{
    /// <summary>Counts the writes that led to it, those without a change in the feed too.</summary>
    public long Revision { get; init; }

    /// <summary>Sequence of the last change in it.</summary>
    public long Sequence { get; init; }

    public NameIndex<Thing> Things { get; init; } = NameIndex<Thing>.Empty;
    public NameIndex<ThingType> Types { get; init; } = NameIndex<ThingType>.Empty;
    public NameIndex<ThingGroup> Groups { get; init; } = NameIndex<ThingGroup>.Empty;
    public NameIndex<BillingGroup> BillingGroups { get; init; } = NameIndex<BillingGroup>.Empty;

    /// <summary>Thing to group.</summary>
    public Relation Memberships { get; init; } = Relation.Empty;

    /// <summary>Parent group to child group.</summary>
    public Relation Hierarchy { get; init; } = Relation.Empty;

    /// <summary>Thing to principal ARN.</summary>
    public Relation Principals { get; init; } = Relation.Empty;

    /// <summary>Thing to type.</summary>
    public Relation TypeUses { get; init; } = Relation.Empty;

    /// <summary>Thing to billing group.</summary>
    public Relation BillingMemberships { get; init; } = Relation.Empty;

    /// <summary>Principal ARN to the one thing it is bound to.</summary>
    public ImmutableDictionary<string, string> Exclusive { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Resource ARN to its tags.</summary>
    public ImmutableDictionary<string, ImmutableSortedDictionary<string, string>> Tags { get; init; } =
        ImmutableDictionary.Create<string, ImmutableSortedDictionary<string, string>>(StringComparer.Ordinal);

    public EventSwitches Events { get; init; } = EventSwitches.Default;

    /// <summary>Parent first, root last; empty for a root.</summary>
    public List<ThingGroup> AncestorsOf(ThingGroup group)
    {
        var ancestors = new List<ThingGroup>();
        for (var name = group.ParentName; name is not null; name = ancestors[^1].ParentName)
            ancestors.Add(Groups.Find(name) ?? throw new InvalidOperationException($"thing group {group.Name} has the ancestor {name}, which is not there"));
        return ancestors;
    }

    public string RootOf(ThingGroup group) => AncestorsOf(group) is [.., var root] ? root.Name : group.Name;

    /// <summary>The group and everything below it.</summary>
    public IEnumerable<string> SelfAndDescendants(string group) =>
        Hierarchy.RightsOf(group).SelectMany(SelfAndDescendants).Prepend(group);
}
