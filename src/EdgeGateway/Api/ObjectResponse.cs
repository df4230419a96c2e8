namespace EdgeGateway.Api;

/// <summary>An object that rules wrote.</summary>
public sealed record ObjectResponse(string Bucket, string Key, long Bytes, DateTimeOffset ModifiedAt);
