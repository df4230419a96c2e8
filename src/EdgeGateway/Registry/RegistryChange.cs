namespace EdgeGateway.Registry;

/// <summary>One thing that was written.</summary>
/// <param name="Sequence">One more with each change, without gaps.</param>
/// <param name="EventId">Lower-case UUID, the same each time this change is delivered.</param>
/// <param name="Time">Unix time in milliseconds.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Name">Thing, thing type, thing group or billing group it happened to; for the associations the first of the pair.</param>
/// <param name="Other">The second of the pair: see <see cref="RegistryChangeKind"/>. Null elsewhere.</param>
/// <param name="Detail">UTF-8 JSON object: the event's fields beyond the common ones (AWS guide: Registry events); empty where there is no event.</param>
public sealed record RegistryChange(long Sequence, string EventId, long Time, RegistryChangeKind Kind, string Name, string? Other, ReadOnlyMemory<byte> Detail);
