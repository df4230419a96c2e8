namespace EdgeGateway.Api;

/// <summary>Who is told what is published to a topic of sns.</summary>
public sealed record NotifySubscriptionResponse(long Id, string Topic, string Protocol, string Endpoint);
