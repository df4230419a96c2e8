using System.Globalization;
using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>Policies and their versions.</summary>
internal sealed class PolicyOperations(IPolicies policies, ITags tags, GatewayOptions gateway) : IAwsOperations
{
    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers =>
    [
        new("CreatePolicy", CreateAsync),
        new("GetPolicy", Get),
        new("DeletePolicy", DeleteAsync),
        new("ListPolicies", List),
        new("CreatePolicyVersion", CreateVersionAsync),
        new("GetPolicyVersion", GetVersion),
        new("DeletePolicyVersion", DeleteVersionAsync),
        new("ListPolicyVersions", ListVersions),
        new("SetDefaultPolicyVersion", SetDefaultVersionAsync),
    ];

    private async ValueTask<AwsReply> CreateAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("policyName");
        var wanted = call.Body.Tags();
        if (tags.Check(wanted) is { } refused)
            return AwsErrors.From(refused);
        var version = await policies.CreateAsync(name, call.Body.Required("policyDocument"), call.Caller.Actor);
        await tags.ReplaceAsync(Arn(name), wanted, cancellationToken);
        return AwsReply.Json(writer =>
        {
            WritePolicy(writer, name);
            writer.WriteString("policyDocument"u8, version.Document);
            writer.WriteString("policyVersionId"u8, Id(version.Version));
        });
    }

    private ValueTask<AwsReply> Get(AwsCall call, CancellationToken cancellationToken)
    {
        var policy = Find(call);
        var version = FindVersion(policy, null);
        return new(AwsReply.Json(writer =>
        {
            WritePolicy(writer, policy.Name);
            writer.WriteString("policyDocument"u8, version.Document);
            writer.WriteString("defaultVersionId"u8, Id(policy.DefaultVersion));
            writer.WriteTime("creationDate", policy.Created);
            writer.WriteTime("lastModifiedDate", policy.Modified);
            writer.WriteString("generationId"u8, policy.Generation);
        }));
    }

    private async ValueTask<AwsReply> DeleteAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var name = call.Label("policyName");
        await policies.DeleteAsync(name, call.Caller.Actor);
        await tags.ReplaceAsync(Arn(name), new Dictionary<string, string>(), cancellationToken);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> List(AwsCall call, CancellationToken cancellationToken)
    {
        var page = call.MarkerPage([.. policies.List()], static policy => CertificateOperations.SortKey(policy.Created, policy.Name));
        return new(AwsReply.Json(writer =>
        {
            writer.WriteObjects("policies", page.Items, (item, policy) => WritePolicy(item, policy.Name));
            writer.WriteOptional("nextMarker", page.NextToken);
        }));
    }

    private async ValueTask<AwsReply> CreateVersionAsync(AwsCall call, CancellationToken cancellationToken)
    {
        var version = await policies.CreateVersionAsync(
            call.Label("policyName"), call.Body.Required("policyDocument"), call.QueryBoolean("setAsDefault") ?? false, call.Caller.Actor);
        return AwsReply.Json(writer =>
        {
            writer.WriteString("policyArn"u8, Arn(version.PolicyName));
            writer.WriteString("policyDocument"u8, version.Document);
            writer.WriteString("policyVersionId"u8, Id(version.Version));
            writer.WriteBoolean("isDefaultVersion"u8, version.IsDefault);
        });
    }

    private ValueTask<AwsReply> GetVersion(AwsCall call, CancellationToken cancellationToken)
    {
        var policy = Find(call);
        var version = FindVersion(policy, VersionOf(call));
        return new(AwsReply.Json(writer =>
        {
            WritePolicy(writer, policy.Name);
            writer.WriteString("policyDocument"u8, version.Document);
            writer.WriteString("policyVersionId"u8, Id(version.Version));
            writer.WriteBoolean("isDefaultVersion"u8, version.IsDefault);
            writer.WriteTime("creationDate", version.Created);
            writer.WriteTime("lastModifiedDate", version.Created);
            writer.WriteString("generationId"u8, policy.Generation);
        }));
    }

    private async ValueTask<AwsReply> DeleteVersionAsync(AwsCall call, CancellationToken cancellationToken)
    {
        await policies.DeleteVersionAsync(call.Label("policyName"), VersionOf(call), call.Caller.Actor);
        return AwsReply.Empty;
    }

    private ValueTask<AwsReply> ListVersions(AwsCall call, CancellationToken cancellationToken)
    {
        var policy = Find(call);
        return new(AwsReply.Json(writer => writer.WriteObjects("policyVersions", policies.Versions(policy.Name), static (item, version) =>
        {
            item.WriteString("versionId"u8, Id(version.Version));
            item.WriteBoolean("isDefaultVersion"u8, version.IsDefault);
            item.WriteTime("createDate", version.Created);
        })));
    }

    private async ValueTask<AwsReply> SetDefaultVersionAsync(AwsCall call, CancellationToken cancellationToken)
    {
        await policies.SetDefaultVersionAsync(call.Label("policyName"), VersionOf(call), call.Caller.Actor);
        return AwsReply.Empty;
    }

    private Policy Find(AwsCall call)
    {
        var name = call.Label("policyName");
        return policies.Find(name) ?? throw AwsException.NotFound($"policy {name} is not there");
    }

    private PolicyVersion FindVersion(Policy policy, long? version) =>
        policies.FindVersion(policy.Name, version) ?? throw AwsException.NotFound($"policy {policy.Name} has no version {version}");

    private static long VersionOf(AwsCall call)
    {
        var text = call.Label("policyVersionId");
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version : throw AwsException.InvalidRequest($"policyVersionId is '{text}', expected a number");
    }

    private static string Id(long version) => version.ToString(CultureInfo.InvariantCulture);

    private void WritePolicy(Utf8JsonWriter writer, string name)
    {
        writer.WriteString("policyName"u8, name);
        writer.WriteString("policyArn"u8, Arn(name));
    }

    private string Arn(string name) => gateway.Arn($"policy/{name}");
}
