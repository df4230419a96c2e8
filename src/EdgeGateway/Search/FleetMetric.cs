namespace EdgeGateway.Search;

/// <summary>A figure of the fleet that is told at an interval.</summary>
/// <param name="Field">The aggregation's field.</param>
/// <param name="Period">Seconds, 60 to 86400, whole minutes.</param>
/// <param name="Unit">Of CloudWatch, such as <c>Count</c>; null without.</param>
/// <param name="Version">1 at creation, one more with each update.</param>
/// <param name="CreatedAt">Unix time in milliseconds.</param>
/// <param name="ModifiedAt">Unix time in milliseconds.</param>
public sealed record FleetMetric(
    string Name, string IndexName, string QueryString, string QueryVersion, string Field, AggregationType Aggregation, int Period, string? Description, string? Unit,
    long Version, long CreatedAt, long ModifiedAt);
