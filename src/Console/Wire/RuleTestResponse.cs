using System.Text.Json;

namespace EdgeGateway.Pages.Wire;

/// <summary>Answer of <c>POST /edge/v1/rules/test</c>, one result a message.</summary>
public sealed record RuleTestResponse(IReadOnlyList<RuleTestResult> Results);

/// <summary>What the statement made of one message.</summary>
/// <param name="Matched">The topic is the statement's and the condition held.</param>
/// <param name="WhyNot">The part that was false or undefined; null when it matched.</param>
/// <param name="Output">What an action would be given.</param>
public sealed record RuleTestResult(bool Matched, string? WhyNot, JsonElement? Output, string? Error);
