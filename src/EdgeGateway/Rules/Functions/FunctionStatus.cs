namespace EdgeGateway.Rules.Functions;

/// <summary>How a function fares since the start.</summary>
/// <param name="Carrier">`process` or `http`.</param>
/// <param name="Restarts">Times its process was started after the first.</param>
public sealed record FunctionStatus(string Name, string Carrier, string Target, long Calls, long Failures, int InFlight, long Restarts, string? LastError);
