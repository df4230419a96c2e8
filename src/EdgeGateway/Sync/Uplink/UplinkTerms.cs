namespace EdgeGateway.Sync.Uplink;

/// <summary>What the upstream said it allows when it accepted the connection (MQTT 5.0 §3.2.2.3).</summary>
internal sealed record UplinkTerms(int ReceiveMaximum, long MaximumPacketBytes, bool RetainAvailable, TimeSpan KeepAlive);
