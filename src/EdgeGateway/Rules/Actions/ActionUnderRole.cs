using EdgeGateway.Rules.Roles;

namespace EdgeGateway.Rules.Actions;

/// <summary>An action with the role it acts under: asked with the rendered resource, at each message (docs/interface.md).</summary>
/// <param name="place">`actions[0]` or `errorAction`.</param>
/// <param name="shape">What becomes of the payload first; null: nothing.</param>
internal sealed class ActionUnderRole(IRuleAction action, string place, string? roleArn, IRuleRoles roles, ActionShape? shape = null) : IRuleAction
{
    public IRuleAction Inner => action;

    public ActionShape? Shape => shape;

    public string Place => place;

    public string FailureName => action.FailureName;

    public ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken) =>
        shape is null
            ? action.ExecuteAsync(firing with { Role = roleArn, Roles = roles }, cancellationToken)
            : shape.ExecuteAsync(action, firing with { Role = roleArn, Roles = roles }, cancellationToken);
}
