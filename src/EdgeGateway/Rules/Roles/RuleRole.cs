namespace EdgeGateway.Rules.Roles;

/// <summary>What the actions of rules that name this role may do (docs/interface.md).</summary>
/// <param name="Document">A policy: Effect, Action, Resource.</param>
public sealed record RuleRole(string Name, string Document)
{
    public static bool IsValidName(string name) => name.Length is >= 1 and <= 64 && name.All(static c => char.IsAsciiLetterOrDigit(c) || "+=,.@_-".Contains(c));
}
