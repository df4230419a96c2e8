namespace EdgeGateway.Pages.Wire;

/// <summary>A value that an output takes: one of the choices, or a number of the range.</summary>
public sealed record DriverStateSummary(string Name, IReadOnlyList<string> Choices, double? Minimum, double? Maximum, string Unit, string Description);
