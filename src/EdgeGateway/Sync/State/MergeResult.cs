namespace EdgeGateway.Sync.State;

/// <param name="Conflicts">In order of their paths.</param>
internal sealed record MergeResult(SectionStates Merged, IReadOnlyList<MergeConflict> Conflicts);
