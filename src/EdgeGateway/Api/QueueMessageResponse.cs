namespace EdgeGateway.Api;

/// <summary>A message of a queue.</summary>
public sealed record QueueMessageResponse(long Id, string Body, string? Group, string Receipt, int Receives, DateTimeOffset SentAt);
