namespace EdgeGateway.Api;

/// <summary>The rule a command was about.</summary>
public sealed record RuleNamed(string Name);
