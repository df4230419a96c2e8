namespace EdgeGateway.Api;

/// <summary>Readings of one span of time taken together.</summary>
public sealed record SeriesBinResponse(DateTimeOffset Start, long Count, double Average, double Min, double Max, double Sum, double First, double Last, System.Text.Json.JsonElement Dimensions);
