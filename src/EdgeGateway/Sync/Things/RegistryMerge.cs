using System.Collections.Immutable;
using EdgeGateway.Sync.State;

namespace EdgeGateway.Sync.Things;

/// <summary>
/// Decides about one entry from what both sides have and what they had in common last: a pure function. Each leaf that one side changed goes
/// to the other; a leaf that both changed is the rule's, and told. Nothing is deleted unless the route says so, and two entries that meet for the
/// first time under one name and differ are left as they are.
/// </summary>
internal static class RegistryMerge
{
    public static RegistryDecision Decide(RegistryRoute route, RegistryKey key, ImmutableSortedDictionary<string, string>? @base, RegistryItem? local, RegistryItem? upstream)
    {
        if (local is null && upstream is null)
            return new();
        if (local is not null && upstream is not null)
            return @base is null ? Meet(route, local, upstream) : Merge(route, @base, local, upstream);
        return @base is null ? Appear(route, local, upstream) : Vanish(route, key, @base, local, upstream);
    }

    // On one side only, and never on both.
    private static RegistryDecision Appear(RegistryRoute route, RegistryItem? local, RegistryItem? upstream) => (local, upstream) switch
    {
        ({ } here, _) when route.GoesUp => new() { WriteUpstream = here.Leaves, Base = here.Leaves },
        (_, { } there) when route.GoesDown => new() { WriteLocal = there.Leaves, Base = there.Leaves },
        _ => new(), // the direction leaves it where it is
    };

    // It was on both, and one side has let it go.
    private static RegistryDecision Vanish(RegistryRoute route, RegistryKey key, ImmutableSortedDictionary<string, string> @base, RegistryItem? local, RegistryItem? upstream)
    {
        var mayDelete = route.Deletes && key.Kind != RegistryKind.Type; // a type goes by being deprecated for five minutes first: a person's step
        if (local is null)
            return mayDelete && route.GoesUp
                ? new() { DeleteUpstream = true }
                : new() { State = SyncState.Parked, Reason = "it was deleted here and is still there", Base = @base };
        _ = upstream;
        return mayDelete && route.GoesDown
            ? new() { DeleteLocal = true }
            : new() { State = SyncState.Parked, Reason = "it was deleted there and is still here", Base = @base };
    }

    // Under one name for the first time. Who agree in all but their groups are the same, and their groups are put together.
    private static RegistryDecision Meet(RegistryRoute route, RegistryItem local, RegistryItem upstream)
    {
        if (RegistryItem.Same(local.WithoutGroups, upstream.WithoutGroups))
            return Merge(route, local.Leaves.RemoveRange(local.Leaves.Keys.Except(upstream.Leaves.Keys)), local, upstream);
        var differing = Names(local.Leaves, upstream.Leaves, local.Leaves).Where(leaf => local.Get(leaf) != upstream.Get(leaf)).ToList();
        return new() { State = SyncState.Conflict, Reason = $"the name is taken on both sides by entries that differ in {string.Join(", ", differing.Take(5))}{(differing.Count > 5 ? $" and {differing.Count - 5} more" : "")}" };
    }

    private static RegistryDecision Merge(RegistryRoute route, ImmutableSortedDictionary<string, string> @base, RegistryItem local, RegistryItem upstream)
    {
        var (here, there, common) = (RegistryItem.Build(), RegistryItem.Build(), RegistryItem.Build());
        var conflicts = new List<RegistryConflict>();
        foreach (var leaf in Names(@base, local.Leaves, upstream.Leaves))
        {
            var (was, l, u) = (@base.GetValueOrDefault(leaf), local.Get(leaf), upstream.Get(leaf));
            var wanted = l == u || u == was ? l : l == was ? u : Settle(route, leaf, l, u, conflicts);
            if (RegistryItem.IsFixed(leaf) && l != u)
                return new() { State = SyncState.Conflict, Reason = $"{leaf} is '{l}' here and '{u}' there, and cannot be changed", Base = @base };
            var (nextHere, nextThere) = (route.GoesDown ? wanted : l, route.GoesUp ? wanted : u);
            Put(here, leaf, nextHere);
            Put(there, leaf, nextThere);
            Put(common, leaf, nextHere == nextThere ? nextHere : was);
        }
        var (hereAfter, thereAfter) = (here.ToImmutable(), there.ToImmutable());
        return new()
        {
            WriteLocal = RegistryItem.Same(hereAfter, local.Leaves) ? null : hereAfter,
            WriteUpstream = RegistryItem.Same(thereAfter, upstream.Leaves) ? null : thereAfter,
            Base = common.ToImmutable(),
            Conflicts = conflicts,
        };
    }

    private static string? Settle(RegistryRoute route, string leaf, string? local, string? upstream, List<RegistryConflict> conflicts)
    {
        // One way alone: the side that writes has its way, else the two would differ for ever.
        var keepsLocal = route is { GoesUp: true, GoesDown: true } ? route.Conflicts == MergeRule.Local : route.GoesUp;
        conflicts.Add(new(leaf, local, upstream, keepsLocal));
        return keepsLocal ? local : upstream;
    }

    private static void Put(ImmutableSortedDictionary<string, string>.Builder leaves, string leaf, string? value)
    {
        if (value is not null)
            leaves[leaf] = value;
    }

    private static SortedSet<string> Names(params ReadOnlySpan<ImmutableSortedDictionary<string, string>> all)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var leaves in all)
            names.UnionWith(leaves.Keys);
        return names;
    }
}
