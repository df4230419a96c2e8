namespace EdgeGateway.Api;

/// <summary>A series of readings; bytes are of the compressed ones.</summary>
public sealed record SeriesResponse(string Database, string Table, string Measure, System.Text.Json.JsonElement Dimensions, string Type, long Points, long StoredPoints, long StoredBytes, DateTimeOffset? Last);
