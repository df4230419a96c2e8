using EdgeGateway.Sync.State;

namespace EdgeGateway.Sync;

/// <summary>Which shadows are kept alike on both sides; the first route that names a thing holds for it.</summary>
/// <param name="Things">Names, with <c>*</c> for any characters.</param>
/// <param name="Direction"><c>up</c>, <c>down</c> or <c>both</c>.</param>
public sealed record ShadowRoute(string Things, string Direction)
{
    /// <summary>Names of shadows, with <c>*</c> for any characters; the classic one is the empty name. All if absent.</summary>
    public string Names { get; init; } = "*";

    /// <summary>Only of things in one of these groups or their descendants; empty: of all.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Whose desired stands where both sides changed a leaf: the upstream's if absent.</summary>
    public MergeRule Desired { get; init; } = MergeRule.Cloud;

    /// <summary>Whose reported stands: the gateway's if absent.</summary>
    public MergeRule Reported { get; init; } = MergeRule.Local;

    /// <summary>By JSON pointer, such as <c>/desired/config</c>: the rule for what lies below.</summary>
    public IReadOnlyDictionary<string, MergeRule> Rules { get; init; } = new Dictionary<string, MergeRule>();

    internal SyncDirection Way => Direction switch { "up" => SyncDirection.Up, "down" => SyncDirection.Down, _ => SyncDirection.Both };

    internal MergePolicy Policy => new() { Desired = Desired, Reported = Reported, Overrides = Rules };
}
