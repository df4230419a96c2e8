using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>One subscription of a session, for people.</summary>
/// <param name="Identifier">0: none.</param>
public sealed record SubscriptionView(string Filter, QualityOfService QualityOfService, bool NoLocal, bool RetainAsPublished, int Identifier);
