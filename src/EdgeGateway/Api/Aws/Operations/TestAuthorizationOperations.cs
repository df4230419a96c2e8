using System.Text.Json;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>TestAuthorization: what policies would say, without anybody connecting.</summary>
internal sealed class TestAuthorizationOperations(IPolicyExplainer explainer, IPolicies policies, PrincipalDirectory principals, IdentityArns arns) : IAwsOperations
{
    private const int MaxInfos = 10;

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers => [new("TestAuthorization", Test)];

    private ValueTask<AwsReply> Test(AwsCall call, CancellationToken cancellationToken)
    {
        var body = call.Body;
        var infos = body.Objects("authInfos") ?? throw AwsException.Missing("authInfos");
        if (infos.Count is 0 or > MaxInfos)
            throw AwsException.InvalidRequest($"authInfos has {infos.Count} entries, allowed are 1 to {MaxInfos}");
        var connection = new ConnectionRequest(PrincipalOf(body.Required("principal")), call.Query("clientId") ?? "", RemoteAddress: null);
        var added = (body.Strings("policyNamesToAdd") ?? []).Select(Document).ToList();
        var skipped = body.Strings("policyNamesToSkip") ?? [];
        var results = new List<(string Action, IReadOnlyList<string> Resources, PolicyExplanation Explanation)>();
        foreach (var info in infos)
        {
            var action = info.Required("actionType");
            var resources = info.Strings("resources") ?? throw AwsException.Missing("authInfos.resources");
            results.Add((action, resources, Worst(resources.Select(resource => explainer.Explain(connection, ActionOf(action), resource, added, skipped)))));
        }
        return new(AwsReply.Json(writer => writer.WriteObjects("authResults", results, WriteResult)));
    }

    private void WriteResult(Utf8JsonWriter writer, (string Action, IReadOnlyList<string> Resources, PolicyExplanation Explanation) result)
    {
        writer.WriteObject("authInfo", info =>
        {
            info.WriteString("actionType"u8, result.Action);
            info.WriteStrings("resources", result.Resources);
        });
        var deciding = result.Explanation.Deciding.Select(static verdict => verdict.Source.Name).Distinct().ToList();
        if (result.Explanation.Decision == PolicyDecision.Allow)
            writer.WriteObject("allowed", allowed => WritePolicies(allowed, deciding));
        else
            writer.WriteObject("denied", denied =>
            {
                if (result.Explanation.Decision == PolicyDecision.Deny)
                    denied.WriteObject("explicitDeny", part => WritePolicies(part, deciding));
                else
                    denied.WriteObject("implicitDeny", part => WritePolicies(part, []));
            });
        writer.WriteString("authDecision"u8, Access.PolicyQuestions.Word(result.Explanation.Decision));
        writer.WriteStrings("missingContextValues", result.Explanation.MissingVariables);
    }

    private void WritePolicies(Utf8JsonWriter writer, IReadOnlyList<string> names) => writer.WriteObjects("policies", names, (item, name) =>
    {
        item.WriteString("policyName"u8, name);
        item.WriteString("policyArn"u8, arns.Policy(name));
    });

    // All of the resources must be allowed for the answer to be yes.
    private static PolicyExplanation Worst(IEnumerable<PolicyExplanation> explanations) =>
        explanations.MinBy(static explanation => explanation.Decision switch { PolicyDecision.Deny => 0, PolicyDecision.Allow => 2, _ => 1 })
        ?? throw AwsException.InvalidRequest("authInfos.resources is empty");

    private static string ActionOf(string type) => type switch
    {
        "CONNECT" => "iot:Connect",
        "PUBLISH" => "iot:Publish",
        "SUBSCRIBE" => "iot:Subscribe",
        "RECEIVE" => "iot:Receive",
        _ => throw AwsException.InvalidRequest($"actionType is '{type}', expected CONNECT, PUBLISH, SUBSCRIBE or RECEIVE"),
    };

    private PolicySource Document(string name)
    {
        var version = policies.FindVersion(name, version: null) ?? throw AwsException.NotFound($"policy {name} is not there");
        return new PolicySource(name, version.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), "policyNamesToAdd", PolicyDocument.Parse(version.Document));
    }

    private Principal PrincipalOf(string arn)
    {
        principals.RequirePrincipal(arn);
        return arns.Id(arn, "cert") is { } id ? new(id, PrincipalKind.Certificate, id) : new(arns.Id(arn, "user")!, PrincipalKind.User, CertificateId: null);
    }
}
