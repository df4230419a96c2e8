using System.Collections.Immutable;
using EdgeGateway.Registry;
using EdgeGateway.Shadows;

namespace EdgeGateway.Search;

/// <summary>Where entries come from: the registry and the shadows as they are now.</summary>
internal sealed class IndexSources(IThingCatalog catalog, IThingGroups groups, IShadows shadows)
{
    private const int NamesAtOnce = 100;

    public IEnumerable<string> ThingNames => catalog.Things.Select(static thing => thing.Name);

    public IEnumerable<string> GroupNames => groups.All.Select(static group => group.Name);

    public IThingGroups Groups => groups;

    public Thing? Thing(string name) => catalog.Find(name);

    public ShadowDocument? Shadow(ShadowId shadow) => shadows.Find(shadow) is { Exists: true } document ? document : null;

    public IEnumerable<ThingGroup> DirectGroupsOf(string thing) => groups.DirectGroupsOf(thing).Select(groups.Find).OfType<ThingGroup>();

    /// <summary>All of a thing but its connectivity; null if there is no such thing.</summary>
    public IndexEntry? Entry(string name, IndexSettings settings)
    {
        if (!settings.Things || catalog.Find(name) is not { } thing)
            return null;
        var parts = ImmutableArray.CreateBuilder<(string, byte[])>();
        if (settings.Shadows && Shadow(ShadowId.Classic(name)) is { } classic)
            parts.Add(("", EntryBuilder.OfShadow("", classic)));
        if (settings.NamedShadows)
            foreach (var shadow in NamesOf(name))
                if (settings.Has(shadow) && Shadow(new(name, shadow)) is { } document)
                    parts.Add((shadow, EntryBuilder.OfShadow(shadow, document)));
        return new(name, EntryBuilder.OfThing(thing, DirectGroupsOf(name)), [], parts.DrainToImmutable());
    }

    /// <summary>Null if there is no such group.</summary>
    public IndexEntry? GroupEntry(string name, IndexSettings settings) =>
        settings.Groups && groups.Find(name) is { } group ? new(name, EntryBuilder.OfGroup(group, groups.AncestorsOf(name)), [], []) : null;

    public IEnumerable<string> NamesOf(string thing)
    {
        var after = "";
        while (true)
        {
            var names = shadows.NamesOf(thing, after, NamesAtOnce);
            foreach (var name in names)
                yield return name;
            if (names.Count < NamesAtOnce)
                yield break;
            after = names[^1];
        }
    }
}
