namespace EdgeGateway.Rules.Sql;

/// <summary>What a statement may ask beyond its message. One per rule; immutable.</summary>
internal sealed record SqlContext
{
    public string AccountId { get; init; } = "000000000000";

    /// <summary>Of ARNs.</summary>
    public string Region { get; init; } = "edge";

    public SqlLimits Limits { get; init; } = SqlLimits.Default;

    /// <summary>Measures the evaluation's time limit.</summary>
    public required TimeProvider Time { get; init; }

    public IRuleLookups Lookups { get; init; } = NoLookups.Instance;
}
