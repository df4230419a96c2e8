namespace EdgeGateway.Drivers;

/// <summary>What a driver is made from.</summary>
public sealed record DriverContext(DriverDescriptor Driver, DriverOptions Options, IHeader Header, TimeProvider Time);
