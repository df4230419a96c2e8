namespace EdgeGateway.Api;

/// <summary>A value a driver reads; minimum and maximum are absent where there is none.</summary>
public sealed record DriverReading(string Name, string Unit, double? Minimum, double? Maximum, string Description);
