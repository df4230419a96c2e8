namespace EdgeGateway.Rules;

/// <param name="CreatedAt">Of the rule, not of its last replacement; to the millisecond.</param>
/// <param name="File">The configuration's file it comes from; null for rules made through the API, which alone can be changed there.</param>
public sealed record Rule(string Name, RuleDefinition Definition, DateTimeOffset CreatedAt, string? File)
{
    /// <summary>1–128 of letters, digits and underscores (AWS IoT API, TopicRulePayload).</summary>
    public static bool IsValidName(string name) =>
        name.Length is >= 1 and <= 128 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
