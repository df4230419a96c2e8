namespace EdgeGateway.Pages.Wire;

/// <summary>An option of a driver.</summary>
/// <param name="Default">What holds when it is absent; null when it must be given.</param>
/// <param name="Expects">What it takes, in words.</param>
public sealed record DriverOptionSummary(string Name, string? Default, string Expects, string Description);
