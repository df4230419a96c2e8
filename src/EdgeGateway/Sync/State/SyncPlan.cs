namespace EdgeGateway.Sync.State;

/// <summary>What has to happen on either side for a shadow to be alike: a pure decision from base and both sides, by versions, never by time.</summary>
/// <param name="Target">What both sides shall have; null: no shadow.</param>
/// <param name="WritesCloud">The upstream is to get there.</param>
/// <param name="WritesLocal">The gateway is to get there.</param>
/// <param name="Revives">One side had deleted what the other changed: a new epoch.</param>
internal sealed record SyncPlan(SectionStates? Target, bool WritesCloud, bool WritesLocal, bool Revives, IReadOnlyList<MergeConflict> Conflicts)
{
    private const string EditOverDeletion = "edit-over-deletion";

    /// <summary>Nothing is shared, and nothing to do.</summary>
    private static SyncPlan Nothing { get; } = new(null, false, false, false, []);

    public static SyncPlan Of(SyncRecord record, ShadowSide local, ShadowSide cloud, SyncDirection direction, MergePolicy policy) => (local.State, cloud.State) switch
    {
        (null, null) => Nothing,
        ({ } ours, { } theirs) => Both(record, ours, theirs, direction, policy),
        ({ } ours, null) => OnlyHere(record, ours, local.Version, direction),
        (null, { } theirs) => OnlyThere(record, theirs, cloud.Version, direction),
    };

    private static SyncPlan Both(SyncRecord record, SectionStates local, SectionStates cloud, SyncDirection direction, MergePolicy policy)
    {
        var merged = direction switch
        {
            SyncDirection.Up => new MergeResult(local, []),
            SyncDirection.Down => new MergeResult(cloud, []),
            _ => StateMerge.Merge(record.Base, local, cloud, policy),
        };
        return new(merged.Merged, !SectionStates.Equal(cloud, merged.Merged), !SectionStates.Equal(local, merged.Merged), false, merged.Conflicts);
    }

    /// <summary>New here, or deleted there. An empty document has nothing that could be lost.</summary>
    private static SyncPlan OnlyHere(SyncRecord record, SectionStates local, long version, SyncDirection direction)
    {
        if (record.Base is null)
            return direction == SyncDirection.Down ? Nothing : new(local, true, false, false, []);
        if (direction == SyncDirection.Down || (direction == SyncDirection.Both && (version == record.LocalVersion || local.IsEmpty)))
            return new(null, false, true, false, []);
        return new(local, true, false, true, direction == SyncDirection.Up ? [] : [new("", Whole(local), null, KeptLocal: true, EditOverDeletion)]);
    }

    private static SyncPlan OnlyThere(SyncRecord record, SectionStates cloud, long version, SyncDirection direction)
    {
        if (record.Base is null)
            return direction == SyncDirection.Up ? Nothing : new(cloud, false, true, false, []);
        if (direction == SyncDirection.Up || (direction == SyncDirection.Both && (version == record.CloudVersion || cloud.IsEmpty)))
            return new(null, true, false, false, []);
        return new(cloud, false, true, true, direction == SyncDirection.Down ? [] : [new("", null, Whole(cloud), KeptLocal: false, EditOverDeletion)]);
    }

    private static StateNode Whole(SectionStates state)
    {
        var sections = new List<StateMember>();
        if (state.Desired is { } desired)
            sections.Add(new("desired", desired));
        if (state.Reported is { } reported)
            sections.Add(new("reported", reported));
        return StateNode.Object([.. sections]);
    }
}
