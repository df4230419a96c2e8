namespace EdgeGateway.Rules.Objects;

/// <summary>An object of a bucket.</summary>
public sealed record ObjectInfo(string Bucket, string Key, long Bytes, DateTimeOffset ModifiedAt);
