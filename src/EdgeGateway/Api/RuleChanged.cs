namespace EdgeGateway.Api;

/// <summary>Answer to a rule made or replaced.</summary>
/// <param name="Warnings">What parses but cannot be meant, with line and column.</param>
public sealed record RuleChanged(string Name, string RuleArn, bool Enabled, IReadOnlyList<string> Warnings);
