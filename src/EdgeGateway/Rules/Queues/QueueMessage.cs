namespace EdgeGateway.Rules.Queues;

/// <summary>A message of a queue, as it is received.</summary>
/// <param name="Body">As the rule sent it; base64 where `useBase64` says so.</param>
/// <param name="Receipt">Deletes it, as long as nobody else has received it since.</param>
/// <param name="Receives">Times it was received, this time included.</param>
public sealed record QueueMessage(long Id, string Body, string? Group, string Receipt, int Receives, DateTimeOffset SentAt);
