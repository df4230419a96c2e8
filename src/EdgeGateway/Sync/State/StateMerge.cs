namespace EdgeGateway.Sync.State;

/// <summary>
/// Three-way merge of a shadow changed on both sides (docs/sync.md): a pure function, by leaf. What only one side changed is taken from
/// there; what both changed alike stands; of two different changes the policy chooses, of an edit and a removal the edit. Where one side has an
/// object and the other none, that point is one leaf. Without a base, everything was added: the union.
/// </summary>
internal static class StateMerge
{
    /// <param name="basis">What both sides are known to have shared; null at first contact.</param>
    public static MergeResult Merge(SectionStates? basis, SectionStates local, SectionStates cloud, MergePolicy policy)
    {
        var conflicts = new List<MergeConflict>();
        var merge = new Walk(policy, conflicts);
        var merged = new SectionStates(
            Filled(merge.Node("/desired", basis?.Desired, local.Desired, cloud.Desired)), Filled(merge.Node("/reported", basis?.Reported, local.Reported, cloud.Reported)));
        return new(merged, conflicts);
    }

    private static StateNode? Filled(StateNode? section) => section is { Members.Length: 0 } ? null : section;

    private sealed class Walk(MergePolicy policy, List<MergeConflict> conflicts)
    {
        /// <returns>Null: there is nothing at this path.</returns>
        public StateNode? Node(string path, StateNode? basis, StateNode? local, StateNode? cloud) =>
            TryOneSide(basis, local, cloud, out var node) ? node : Both(path, basis, local, cloud);

        // Where at most one side changed anything nobody needs the path, which is most of a document.
        private static bool TryOneSide(StateNode? basis, StateNode? local, StateNode? cloud, out StateNode? node)
        {
            (var isFound, node) = StateNode.Equal(local, cloud) ? (true, Later(local, cloud)) : StateNode.Equal(basis, local) ? (true, cloud) : (StateNode.Equal(basis, cloud), local);
            return isFound;
        }

        private StateNode? Both(string path, StateNode? basis, StateNode? local, StateNode? cloud)
        {
            if (local is { Members: not null } && cloud is { Members: not null })
                return Members(path, basis, local, cloud);
            if (local is null || cloud is null)
                return Removed(path, basis, local, cloud);
            return Clash(path, local, cloud);
        }

        /// <summary>One side removed what the other changed. Of an object only the leaves that were changed stay.</summary>
        private StateNode? Removed(string path, StateNode? basis, StateNode? local, StateNode? cloud)
        {
            if (basis is { Members: not null } && (local ?? cloud) is { Members: not null })
                return Members(path, basis, local, cloud) is { Members.Length: > 0 } kept ? kept : null;
            conflicts.Add(new(path, local, cloud, KeptLocal: local is not null, MergeConflict.EditOverRemoval));
            return local ?? cloud;
        }

        private StateNode Clash(string path, StateNode local, StateNode cloud)
        {
            var rule = policy.For(path);
            var keepsLocal = rule switch
            {
                MergeRule.Local => true,
                MergeRule.Cloud => false,
                _ => local.Clock != cloud.Clock ? local.Clock > cloud.Clock : string.CompareOrdinal(local.ToString(), cloud.ToString()) > 0,
            };
            conflicts.Add(new(path, local, cloud, keepsLocal, rule.ToString().ToLowerInvariant()));
            return keepsLocal ? local : cloud;
        }

        /// <summary>All names of the three, in order.</summary>
        private StateNode Members(string path, StateNode? basis, StateNode? local, StateNode? cloud)
        {
            StateMember[] ours = local?.Members ?? [], theirs = cloud?.Members ?? [], common = basis?.Members ?? [];
            var merged = new List<StateMember>(Math.Max(ours.Length, theirs.Length));
            for (int b = 0, l = 0, c = 0; l < ours.Length || c < theirs.Length;)
            {
                var name = First(ours, l, theirs, c);
                while (b < common.Length && string.CompareOrdinal(common[b].Name, name) < 0)
                    b++;                                                             // gone on both sides
                var (was, here, there) = (At(common, ref b, name), At(ours, ref l, name), At(theirs, ref c, name));
                if (!TryOneSide(was, here, there, out var node))
                    node = Both($"{path}/{Escaped(name)}", was, here, there);
                if (node is not null)
                    merged.Add(new(name, node));
            }
            return StateNode.Object([.. merged]);
        }

        private static string First(StateMember[] left, int l, StateMember[] right, int r) =>
            l == left.Length ? right[r].Name : r == right.Length || string.CompareOrdinal(left[l].Name, right[r].Name) <= 0 ? left[l].Name : right[r].Name;

        private static StateNode? At(StateMember[] members, ref int index, string name) => index < members.Length && members[index].Name == name ? members[index++].Node : null;

        private static StateNode? Later(StateNode? left, StateNode? right) => left is null || left.Clock >= right!.Clock ? left : right;

        /// <summary>RFC 6901 §3.</summary>
        private static string Escaped(string name) =>
            name.AsSpan().IndexOfAny('~', '/') < 0 ? name : name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
    }
}
