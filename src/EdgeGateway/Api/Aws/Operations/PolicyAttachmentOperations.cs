using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>What policies are attached to, by the current calls and by the deprecated ones that name the principal in a header.</summary>
internal sealed class PolicyAttachmentOperations(
    IPolicies policies, IThingCatalog catalog, IThingGroups groups, PrincipalDirectory principals, IdentityArns arns, GatewayOptions gateway) : IAwsOperations
{
    private const string PrincipalHeader = "x-amzn-iot-principal";
    private const string PolicyHeader = "x-amzn-iot-policy";

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("AttachPolicy", (call, _) => AttachAsync(call, call.Body.Required("target"))),
        new("DetachPolicy", (call, _) => DetachAsync(call, call.Body.Required("target"))),
        new("AttachPrincipalPolicy", (call, _) => AttachAsync(call, call.RequiredHeader(PrincipalHeader))),
        new("DetachPrincipalPolicy", (call, _) => DetachAsync(call, call.RequiredHeader(PrincipalHeader))),
        new("ListAttachedPolicies", ListAttached),
        new("ListPrincipalPolicies", ListOfPrincipal),
        new("ListTargetsForPolicy", ListTargets),
        new("ListPolicyPrincipals", ListPrincipals),
        new("GetEffectivePolicies", GetEffective),
    ];

    private async ValueTask<AwsReply> AttachAsync(AwsCall call, string target)
    {
        principals.RequireTarget(target);
        await policies.AttachAsync(call.Label("policyName"), target, call.Caller.Actor);
        return AwsReply.Empty;
    }

    private async ValueTask<AwsReply> DetachAsync(AwsCall call, string target)
    {
        await policies.DetachAsync(call.Label("policyName"), target, call.Caller.Actor);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> ListAttached(AwsCall call, CancellationToken cancellationToken)
    {
        var target = call.Label("target");
        principals.RequireTarget(target);
        var isRecursive = call.QueryBoolean("recursive") ?? false;
        IEnumerable<string> targets = isRecursive && arns.Id(target, "thinggroup") is { } group
            ? [target, .. groups.AncestorsOf(group).Select(ancestor => arns.ThingGroup(ancestor.Name))]
            : [target];
        return new(ListPolicies(call, targets.SelectMany(policies.AttachedTo)));
    }

    private ValueTask<AwsReply> ListOfPrincipal(AwsCall call, CancellationToken cancellationToken)
    {
        var principal = call.RequiredHeader(PrincipalHeader);
        principals.RequirePrincipal(principal);
        return new(ListPolicies(call, policies.AttachedTo(principal)));
    }

    private AwsReply ListPolicies(AwsCall call, IEnumerable<string> names)
    {
        List<string> sorted = [.. names.Distinct().Order(StringComparer.Ordinal)];
        var page = call.MarkerPage(sorted, static name => name);
        return AwsReply.Json(writer =>
        {
            writer.WriteObjects("policies", page.Items, WritePolicy);
            writer.WriteOptional("nextMarker", page.NextToken);
        });
    }

    private ValueTask<AwsReply> ListTargets(AwsCall call, CancellationToken cancellationToken) =>
        new(ListTargets(call, call.Label("policyName"), "targets", static _ => true));

    private ValueTask<AwsReply> ListPrincipals(AwsCall call, CancellationToken cancellationToken) =>
        new(ListTargets(call, call.RequiredHeader(PolicyHeader), "principals", target => arns.Id(target, "thinggroup") is null));

    private AwsReply ListTargets(AwsCall call, string policy, string member, Func<string, bool> isWanted)
    {
        if (policies.Find(policy) is null)
            throw AwsException.NotFound($"policy {policy} is not there");
        List<string> targets = [.. policies.TargetsOf(policy).Where(isWanted).Order(StringComparer.Ordinal)];
        var page = call.MarkerPage(targets, static target => target);
        return AwsReply.Json(writer =>
        {
            writer.WriteStrings(member, page.Items);
            writer.WriteOptional("nextMarker", page.NextToken);
        });
    }

    /// <summary>Those of the principal and of all groups of the thing with their ancestors (AWS guide: IoT policies).</summary>
    private ValueTask<AwsReply> GetEffective(AwsCall call, CancellationToken cancellationToken)
    {
        if (call.Body.String("cognitoIdentityPoolId") is not null)
            throw AwsException.InvalidRequest("cognitoIdentityPoolId is given, but this gateway has no identity pools");
        var (principal, thing) = (call.Body.String("principal"), call.Query("thingName"));
        if (principal is null && thing is null)
            throw AwsException.InvalidRequest("principal or thingName is missing");
        if (principal is not null)
            principals.RequirePrincipal(principal);
        if (thing is not null && catalog.Find(thing) is null)
            throw AwsException.NotFound($"thing {thing} is not registered");
        var targets = thing is null ? [] : catalog.GroupsOf(thing).Select(arns.ThingGroup);
        if (principal is not null)
            targets = targets.Prepend(principal);
        var names = targets.SelectMany(policies.AttachedTo).Distinct();
        return new(AwsReply.Json(writer => writer.WriteObjects("effectivePolicies", names, (item, name) =>
        {
            WritePolicy(item, name);
            item.WriteOptional("policyDocument", policies.FindVersion(name, null)?.Document);
        })));
    }

    private void WritePolicy(Utf8JsonWriter writer, string name)
    {
        writer.WriteString("policyName"u8, name);
        writer.WriteString("policyArn"u8, gateway.Arn($"policy/{name}"));
    }
}
