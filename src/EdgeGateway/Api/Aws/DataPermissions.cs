using EdgeGateway.Configuration;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Api.Aws;

/// <summary>Asks the caller's policies about the data plane (AWS guide: HTTPS).</summary>
internal sealed class DataPermissions(IAuthorizer authorizer, GatewayOptions gateway)
{
    /// <param name="action">Such as <c>iot:Publish</c>.</param>
    /// <param name="resource">Such as <c>topic/a/b</c>.</param>
    public bool Allows(Caller caller, string action, string resource) => Decide(caller, action, gateway.Arn(resource)) == PolicyDecision.Allow;

    /// <inheritdoc cref="Allows"/>
    /// <exception cref="AwsException">403.</exception>
    public void Require(Caller caller, string action, string resource)
    {
        if (!Allows(caller, action, resource))
            throw Forbidden(caller, action, resource);
    }

    /// <summary>The sources name <c>*</c> in one place and the thing in another (AWS guide: IoT policies): either allows, and neither may deny.</summary>
    public bool AllowsAnyForm(Caller caller, string action, string resource)
    {
        PolicyDecision[] decisions = [Decide(caller, action, gateway.Arn(resource)), Decide(caller, action, "*")];
        return decisions.Contains(PolicyDecision.Allow) && !decisions.Contains(PolicyDecision.Deny);
    }

    /// <exception cref="AwsException">403.</exception>
    public void RequireEverywhere(Caller caller, string action)
    {
        if (Decide(caller, action, "*") != PolicyDecision.Allow)
            throw Forbidden(caller, action, "*");
    }

    /// <summary>An operation of the control plane, by a caller under a role: allowed where its document allows the action everywhere.</summary>
    /// <exception cref="AwsException">403.</exception>
    public void RequireOperation(Caller caller, AwsRoute route)
    {
        if (route.Service == AwsService.Iot && Decide(caller, $"iot:{route.Name}", "*") != PolicyDecision.Allow)
            throw new AwsException(403, "AccessDeniedException", $"{caller.Actor} is not allowed iot:{route.Name}: the role's document does not allow it on *");
    }

    private PolicyDecision Decide(Caller caller, string action, string arn) => authorizer.Decide(caller.Principal, action, arn);

    private static AwsException Forbidden(Caller caller, string action, string resource) =>
        new(403, "ForbiddenException", $"{caller.Actor} is not allowed {action} on {resource}");
}
