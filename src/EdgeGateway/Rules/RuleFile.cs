namespace EdgeGateway.Rules;

/// <summary>A rule of the configuration.</summary>
/// <param name="Place">FILE or FILE:LINE, for messages.</param>
internal sealed record RuleFile(string Name, RuleDefinition Definition, string Place);
