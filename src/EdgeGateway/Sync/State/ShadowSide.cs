namespace EdgeGateway.Sync.State;

/// <summary>A shadow as one side has it.</summary>
/// <param name="Version">Of the document; without one, of its tombstone as far as known.</param>
/// <param name="State">Null: there is no shadow.</param>
internal sealed record ShadowSide(long Version, SectionStates? State)
{
    public static ShadowSide Absent { get; } = new(0, null);
}
