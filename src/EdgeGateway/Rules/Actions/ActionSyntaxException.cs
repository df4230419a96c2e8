namespace EdgeGateway.Rules.Actions;

/// <summary>An action's JSON is refused when the rule is made; caught where rules are planned.</summary>
internal sealed class ActionSyntaxException(RuleErrorKind kind, string message) : Exception(message)
{
    public RuleErrorKind Kind => kind;
}
