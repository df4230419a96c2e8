namespace EdgeGateway.Api;

/// <summary>How one part fares, in <see cref="StatusResponse"/>.</summary>
/// <param name="Name">Such as <c>broker</c>.</param>
/// <param name="State"><c>healthy</c>, <c>degraded</c> or <c>failed</c>.</param>
/// <param name="Message">What is wrong and what to do; null when healthy.</param>
public sealed record ComponentResponse(string Name, string State, string? Message);
