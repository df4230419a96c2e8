namespace EdgeGateway.Drivers;

/// <summary>What an SGP30 takes for clean air.</summary>
internal sealed record Sgp30Baseline(ushort Eco2, ushort Tvoc);
