namespace EdgeGateway.Api;

/// <summary>A local function and how it fares.</summary>
public sealed record FunctionResponse(string Name, string Carrier, string Target, long Calls, long Failures, int InFlight, long Restarts, string? LastError);
