using EdgeGateway.Configuration;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Roles;

namespace EdgeGateway.Api;

/// <summary>
/// Whether who makes a rule may give it the roles it names (`iam:PassRole`, docs/interface.md): else who may only make rules could do with one what
/// they may not do themselves. An administrator may; others as their policies say. A name that was never a role here gives nothing away.
/// </summary>
internal sealed class PassRole(IRuleRoles roles, IAuthorizer authorizer, GatewayOptions gateway)
{
    /// <returns>Null where it is allowed, else why not.</returns>
    public string? Refusal(Caller? caller, RuleDefinition definition)
    {
        if (caller?.Role == Role.Administrator)
            return null;
        foreach (var name in roles.NamedIn(definition))
        {
            var arn = $"arn:aws:iam::{gateway.Account}:role/{name}";
            if (caller is null || authorizer.Decide(caller.Principal, "iam:PassRole", arn) != PolicyDecision.Allow)
                return $"{caller?.Actor ?? "nobody"} is not authorized to perform iam:PassRole on {arn}: an administrator may attach a policy that allows it";
        }
        return null;
    }
}
