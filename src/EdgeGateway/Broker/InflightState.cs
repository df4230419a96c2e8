namespace EdgeGateway.Broker;

/// <summary>What an outgoing message waits for.</summary>
internal enum InflightState : byte
{
    AwaitingPubAck,
    AwaitingPubRec,
    AwaitingPubComp,
}
