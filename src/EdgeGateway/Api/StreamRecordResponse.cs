namespace EdgeGateway.Api;

/// <summary>A record of a stream: text where it is text, else base64.</summary>
public sealed record StreamRecordResponse(long Sequence, string PartitionKey, int Partition, DateTimeOffset At, string? Text, string? Base64);
