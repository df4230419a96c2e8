namespace EdgeGateway.Rules.Functions;

/// <summary>What a function is told beside its event.</summary>
/// <param name="Timeout">Null: the function's own.</param>
public sealed record FunctionCall(string Rule, string Topic, string? ClientId, string TraceId, TimeSpan? Timeout = null);
