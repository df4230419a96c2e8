namespace EdgeGateway.Api;

/// <summary>A value of an output's state: one of the choices, or a number of the range, or a text.</summary>
public sealed record DriverState(string Name, string[] Choices, double? Minimum, double? Maximum, string Unit, string Description);
