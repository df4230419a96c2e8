namespace EdgeGateway.Api;

/// <summary>One reading: a number, a truth or a text.</summary>
public sealed record SeriesPointResponse(DateTimeOffset Time, System.Text.Json.JsonElement Value, System.Text.Json.JsonElement Dimensions);
