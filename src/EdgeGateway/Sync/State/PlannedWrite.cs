namespace EdgeGateway.Sync.State;

/// <summary>
/// What was to be written to the upstream, noted before it was sent. If the upstream is found to have it, the answer was lost and not the write:
/// what changed here since <paramref name="Local"/> is newer than it, and no conflict with our own words.
/// </summary>
/// <param name="Local">The state here that the plan was made from; null: there was no shadow.</param>
/// <param name="Target">What both sides were to have.</param>
/// <param name="CloudVersion">There, before the write.</param>
internal sealed record PlannedWrite(SectionStates? Local, SectionStates Target, long CloudVersion)
{
    public bool IsDone(ShadowSide cloud) => cloud.State is { } state && cloud.Version > CloudVersion && SectionStates.Equal(state, Target);
}
