using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>One filter of a SUBSCRIBE that was found valid and permitted.</summary>
/// <param name="Filter">As sent, with <c>$share/NAME/</c> if it is shared.</param>
/// <param name="RetainHandling">0: send retained messages; 1: only if the subscription is new; 2: never.</param>
/// <param name="Identifier">0: none.</param>
public sealed record SubscriptionRequest(string Filter, QualityOfService QualityOfService, bool NoLocal, bool RetainAsPublished, int RetainHandling, int Identifier);
