namespace EdgeGateway.Pages.Wire;

/// <summary>A value that a driver reads; its range is open where a bound is null.</summary>
public sealed record DriverReadingSummary(string Name, string Unit, double? Minimum, double? Maximum, string Description);
