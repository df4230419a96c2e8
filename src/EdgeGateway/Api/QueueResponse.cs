namespace EdgeGateway.Api;

/// <summary>A queue of rules; times in seconds.</summary>
public sealed record QueueResponse(string Name, double VisibilitySeconds, double DelaySeconds, int MaxReceives, double RetentionSeconds, long Waiting, long Hidden, long DeadLetters);
