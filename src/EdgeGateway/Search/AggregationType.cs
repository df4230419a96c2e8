namespace EdgeGateway.Search;

/// <summary>What a fleet metric makes of the values.</summary>
/// <param name="Name"><c>Statistics</c>, <c>Percentiles</c> or <c>Cardinality</c>.</param>
/// <param name="Values">Of Statistics: <c>count</c>, <c>average</c>, <c>sum</c>…; of Percentiles: the percents. Empty: the usual ones.</param>
public sealed record AggregationType(string Name, IReadOnlyList<string> Values)
{
    public const string Statistics = "Statistics", Percentiles = "Percentiles", Cardinality = "Cardinality";

    public bool Equals(AggregationType? other) => other is not null && Name == other.Name && Values.SequenceEqual(other.Values);

    public override int GetHashCode() => HashCode.Combine(Name, Values.Count);
}
