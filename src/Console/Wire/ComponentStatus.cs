namespace EdgeGateway.Pages.Wire;

/// <summary>One part of the gateway and how it fares.</summary>
public sealed record ComponentStatus(string Name, string State, string? Message);
