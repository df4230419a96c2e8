namespace EdgeGateway.Api;

/// <summary>Settings of a stream; absent: 4 partitions, a day, 64 MB.</summary>
public sealed record StreamRequest(int? Partitions, double? RetentionSeconds, long? MaxBytes);
