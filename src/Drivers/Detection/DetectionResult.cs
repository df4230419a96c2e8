using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>What a scan found, and the buses it could not look at.</summary>
public sealed record DetectionResult(ImmutableArray<FoundDevice> Devices, ImmutableArray<string> Problems);
