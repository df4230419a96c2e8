namespace EdgeGateway.Pages.Wire;

/// <summary>An event that an input raises.</summary>
public sealed record DriverEventSummary(string Name, string Description);
