using EdgeGateway.Messaging;

namespace EdgeGateway.Broker.Journal;

/// <summary>One message in a session's queue or in flight.</summary>
/// <param name="PacketIdentifier">0: not sent yet.</param>
internal sealed record QueuedImage(QualityOfService QualityOfService, bool Retain, int[]? SubscriptionIdentifiers, ushort PacketIdentifier, InflightState State);
