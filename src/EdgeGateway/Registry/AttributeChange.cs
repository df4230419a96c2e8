namespace EdgeGateway.Registry;

/// <summary>What to do to the attributes of a thing or group.</summary>
/// <param name="Values">An empty value removes the attribute.</param>
/// <param name="Merge">True: the others stay. False: these replace all.</param>
public sealed record AttributeChange(IReadOnlyDictionary<string, string> Values, bool Merge);
