namespace EdgeGateway.Api;

/// <summary>One message on its way to a client.</summary>
/// <param name="Topic">Null: only its PUBREL is owed, or it lies in the log alone.</param>
/// <param name="PacketIdentifier">0: not sent yet.</param>
/// <param name="State"><c>AwaitingPubAck</c>, <c>AwaitingPubRec</c>, <c>AwaitingPubComp</c> or <c>Waiting</c>.</param>
public sealed record QueueEntryResponse(string? Topic, int Qos, int? PayloadBytes, int PacketIdentifier, string State);
