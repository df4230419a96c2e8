namespace EdgeGateway.Api;

/// <summary>Settings of a queue; what is absent is SQS's default.</summary>
public sealed record QueueRequest(double? VisibilitySeconds, double? DelaySeconds, int? MaxReceives, double? RetentionSeconds);
