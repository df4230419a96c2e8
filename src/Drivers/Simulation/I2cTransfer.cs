using System.Collections.Immutable;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>One transfer a simulated chip took part in.</summary>
public sealed record I2cTransfer(int Address, ImmutableArray<byte> Written, ImmutableArray<byte> Read);
