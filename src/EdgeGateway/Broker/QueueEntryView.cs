using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>One message on its way to a client, for people.</summary>
/// <param name="Topic">Null: only its PUBREL is owed, or it lies in the log alone.</param>
/// <param name="PacketIdentifier">0: not sent yet.</param>
/// <param name="State"><c>AwaitingPubAck</c>, <c>AwaitingPubRec</c>, <c>AwaitingPubComp</c> or <c>Waiting</c>.</param>
public sealed record QueueEntryView(string? Topic, QualityOfService QualityOfService, int? PayloadBytes, ushort PacketIdentifier, string State);
