namespace EdgeGateway.Pages.Wire;

/// <summary>An error of the gateway's API (RFC 9457).</summary>
public sealed record Problem(string? Title, string? Detail, int? Status);
