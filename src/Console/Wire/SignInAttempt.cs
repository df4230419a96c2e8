namespace EdgeGateway.Pages.Wire;

/// <summary>Signs in; with a code, claims the gateway.</summary>
public sealed record SignInAttempt(string Name, string Password, string? Code);
