namespace EdgeGateway.Sync.State;

/// <summary>Which rule holds where. The default: who is there knows what is (reported), who is above says what should be (desired).</summary>
internal sealed record MergePolicy
{
    public static MergePolicy Default { get; } = new();

    public MergeRule Desired { get; init; } = MergeRule.Cloud;

    public MergeRule Reported { get; init; } = MergeRule.Local;

    /// <summary>JSON pointer (RFC 6901) from the state's root, such as <c>/desired/config</c>, to the rule below it; the longest that fits holds.</summary>
    public IReadOnlyDictionary<string, MergeRule> Overrides { get; init; } = new Dictionary<string, MergeRule>();

    /// <summary>The same policy seen from the other end.</summary>
    public MergePolicy Mirrored() => new()
    {
        Desired = Mirror(Desired),
        Reported = Mirror(Reported),
        Overrides = Overrides.ToDictionary(static pair => pair.Key, static pair => Mirror(pair.Value)),
    };

    /// <param name="path">JSON pointer of the leaf.</param>
    public MergeRule For(string path)
    {
        for (var end = path.Length; Overrides.Count > 0 && end > 0; end = path.LastIndexOf('/', end - 1))
            if (Overrides.TryGetValue(path[..end], out var rule))
                return rule;
        return path == "/desired" || path.StartsWith("/desired/", StringComparison.Ordinal) ? Desired : Reported;
    }

    private static MergeRule Mirror(MergeRule rule) => rule switch
    {
        MergeRule.Local => MergeRule.Cloud,
        MergeRule.Cloud => MergeRule.Local,
        _ => rule,
    };
}
