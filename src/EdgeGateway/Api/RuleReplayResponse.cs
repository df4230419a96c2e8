namespace EdgeGateway.Api;

/// <summary>A rule's recorded messages through its present and another definition, oldest first.</summary>
/// <param name="Now">By the rule as it is.</param>
/// <param name="Then">By the definition given, message for message.</param>
public sealed record RuleReplayResponse(IReadOnlyList<RuleTraceLine> Now, IReadOnlyList<RuleTraceLine> Then, IReadOnlyList<string> Warnings);
