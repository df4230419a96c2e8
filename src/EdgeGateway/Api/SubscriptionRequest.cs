namespace EdgeGateway.Api;

/// <summary>Who is to be told what is published to a topic of sns.</summary>
public sealed record SubscriptionRequest(string Topic, string Protocol, string Endpoint);
