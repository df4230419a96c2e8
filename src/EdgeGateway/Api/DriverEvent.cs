namespace EdgeGateway.Api;

/// <summary>An event an input raises.</summary>
public sealed record DriverEvent(string Name, string Description);
