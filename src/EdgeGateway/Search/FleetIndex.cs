using System.Collections.Concurrent;
using EdgeGateway.Shadows;

namespace EdgeGateway.Search;

/// <summary>The entries, and how a batch of changes gets into them. One writer.</summary>
internal sealed class FleetIndex(IndexSources sources)
{
    private readonly ConcurrentDictionary<string, Known> _clients = new(StringComparer.Ordinal);

    public EntryList Things { get; } = new();
    public EntryList Groups { get; } = new();

    /// <summary>Null: nothing is known of a client with this id.</summary>
    public Connectivity? ConnectivityOf(string thing) => _clients.TryGetValue(thing, out var known) ? known.State : null;

    public bool IsThing(string name) => sources.Thing(name) is not null;

    /// <summary>From before the start: nobody is connected now.</summary>
    public void Restore(string thing, Connectivity connectivity) => _clients[thing] = new(connectivity, null);

    public void Build(IndexSettings settings)
    {
        Things.Replace(sources.ThingNames.Select(name => Whole(name, settings)).OfType<IndexEntry>());
        Groups.Replace(sources.GroupNames.Select(name => sources.GroupEntry(name, settings)).OfType<IndexEntry>());
    }

    /// <returns>The things that are other than before.</returns>
    public HashSet<string> Apply(IndexChanges.Batch batch, IndexSettings settings)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var presence in batch.Presences)
            if (Note(presence))
                Change(presence.ClientId, entry => entry with { Connectivity = ConnectivityFields(entry.Name, settings) });
        foreach (var shadow in batch.Shadows)
            if (!batch.Things.Contains(shadow.Thing) || Things.Find(shadow.Thing) is not null)
                Change(shadow.Thing, entry => With(entry, shadow, settings));
        foreach (var thing in batch.Things)
            ApplyThing(thing);
        foreach (var group in batch.Groups)
            if (sources.GroupEntry(group, settings) is { } entry)
                Groups.Put(entry);
            else
                Groups.Remove(group);
        return changed;

        void Change(string thing, Func<IndexEntry, IndexEntry> change)
        {
            if (Things.Find(thing) is not { } entry)
                return;
            Things.Put(change(entry));
            changed.Add(thing);
        }

        void ApplyThing(string name)
        {
            if (!settings.Things || sources.Thing(name) is not { } thing)
            {
                Things.Remove(name);
                if (_clients.TryGetValue(name, out var known) && !known.State.Connected)
                    _clients.TryRemove(name, out _);
            }
            else if (Things.Find(name) is { } entry)
                Things.Put(entry with { Registry = EntryBuilder.OfThing(thing, sources.DirectGroupsOf(name)) });
            else if (Whole(name, settings) is { } whole)
                Things.Put(whole);
            changed.Add(name);
        }
    }

    private IndexEntry? Whole(string name, IndexSettings settings) =>
        sources.Entry(name, settings) is { } entry ? entry with { Connectivity = ConnectivityFields(name, settings) } : null;

    private IndexEntry With(IndexEntry entry, ShadowId shadow, IndexSettings settings)
    {
        var others = entry.Shadows.RemoveAll(each => each.Name == shadow.Name);
        var isIndexed = shadow.IsClassic ? settings.Shadows : settings.Has(shadow.Name);
        return entry with
        {
            Shadows = isIndexed && sources.Shadow(shadow) is { } document ? others.Add((shadow.Name, EntryBuilder.OfShadow(shadow.Name, document))) : others,
        };
    }

    private byte[] ConnectivityFields(string thing, IndexSettings settings) =>
        settings.Connectivity && ConnectivityOf(thing) is { } state ? EntryBuilder.OfConnectivity(state) : [];

    // A client that takes a connection over is told of before the connection it took over: that one's end says nothing any more.
    private bool Note(PresenceEvent presence)
    {
        var known = _clients.GetValueOrDefault(presence.ClientId);
        if (!presence.Connected && known?.Session is { } session && session != presence.Session)
            return false;
        if (!presence.Connected && sources.Thing(presence.ClientId) is null)
            _clients.TryRemove(presence.ClientId, out _); // no thing, so nobody will ask
        else
            _clients[presence.ClientId] = new(new(presence.Connected, presence.Timestamp, presence.Connected ? null : presence.Reason), presence.Session);
        return true;
    }

    // Session: null where it is over since before the start.
    private sealed record Known(Connectivity State, string? Session);
}
