namespace EdgeGateway.Api;

/// <summary>One subscription of a client.</summary>
/// <param name="Identifier">0: none.</param>
public sealed record SubscriptionResponse(string Filter, int Qos, bool NoLocal, bool RetainAsPublished, int Identifier);
