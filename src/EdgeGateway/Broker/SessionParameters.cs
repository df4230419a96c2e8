namespace EdgeGateway.Broker;

/// <summary>What CONNECT asked for, within what the broker grants.</summary>
/// <param name="Expiry">Zero: the session ends with the connection; <see cref="TimeSpan.MaxValue"/>: never.</param>
/// <param name="ReceiveMaximum">Messages the client takes unacknowledged.</param>
/// <param name="MaximumPacketSize">Largest packet the client takes, in bytes.</param>
/// <param name="TopicAliasMaximum">Aliases we may use towards the client.</param>
public sealed record SessionParameters(bool CleanStart, TimeSpan Expiry, ushort ReceiveMaximum, uint MaximumPacketSize, ushort TopicAliasMaximum, Will? Will);
