using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>What the broker publishes when a client goes without saying goodbye (MQTT 5.0 §3.1.2.5).</summary>
/// <param name="DelaySeconds">How long to wait for the client to come back first [MQTT-3.1.3-9].</param>
public sealed record Will(string Topic, ReadOnlyMemory<byte> Payload, QualityOfService QualityOfService, bool Retain, uint DelaySeconds, MessageProperties? Properties);
