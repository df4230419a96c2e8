namespace EdgeGateway.Search;

/// <summary>An aggregation that is not possible (AWS: InvalidAggregationException).</summary>
public sealed class AggregationException(string message) : Exception(message);
