namespace EdgeGateway.Api;

/// <summary>Answer of <c>POST /edge/v1/rules/test</c>, one result a message; where windows end behind the last one, one more for them.</summary>
/// <param name="Warnings">What parses but cannot be meant, with line and column.</param>
public sealed record RuleTestResponse(IReadOnlyList<RuleTestResult> Results, IReadOnlyList<string> Warnings);
