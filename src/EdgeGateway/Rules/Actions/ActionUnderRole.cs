using EdgeGateway.Rules.Roles;

namespace EdgeGateway.Rules.Actions;

/// <summary>An action with the role it acts under: asked with the rendered resource, at each message (rules.md §2.1).</summary>
/// <param name="place">`actions[0]` or `errorAction`.</param>
internal sealed class ActionUnderRole(IRuleAction action, string place, string? roleArn, IRuleRoles roles) : IRuleAction
{
    public IRuleAction Inner => action;

    public string Place => place;

    public string FailureName => action.FailureName;

    public ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken) =>
        action.ExecuteAsync(firing with { Role = roleArn, Roles = roles }, cancellationToken);
}
