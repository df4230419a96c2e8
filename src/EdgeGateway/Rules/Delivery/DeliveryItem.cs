namespace EdgeGateway.Rules.Delivery;

/// <summary>A parcel with the message it came of, which the error action wants to see should it fail in the end.</summary>
/// <param name="StoredAt">Unix milliseconds.</param>
/// <param name="Source">Where the message lies in the journal of rules; negative where it does not.</param>
internal sealed record DeliveryItem(Parcel Parcel, string Topic, string? ClientId, string TraceId, ReadOnlyMemory<byte> Payload, long StoredAt, long Source, int Hops);
