using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>How one receiver gets one message.</summary>
/// <param name="QualityOfService">The lower of the publisher's and the subscription's [MQTT-3.8.4-8].</param>
/// <param name="SubscriptionIdentifiers">Of all matching subscriptions of the receiver; null: none.</param>
/// <param name="Group">The shared subscription it comes by; null: an ordinary one.</param>
internal readonly record struct Delivery(QualityOfService QualityOfService, bool Retain, int[]? SubscriptionIdentifiers, SharedGroup? Group);
