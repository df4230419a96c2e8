namespace EdgeGateway.Rules.Delivery;

/// <summary>What is sent, with everything it takes to send it later, when the rule may be another one.</summary>
/// <param name="Kind">Which <see cref="IParcelSender"/> understands <paramref name="Bytes"/>.</param>
/// <param name="Resource">Where it goes, for people.</param>
internal sealed record Parcel(string Kind, string Resource, byte[] Bytes);
