using EdgeGateway.Api.Aws.Records;
using EdgeGateway.Configuration;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Jobs;
using EdgeGateway.Jobs.Commands;
using EdgeGateway.Jobs.Streams;
using EdgeGateway.Registry;
using EdgeGateway.Rules;
using EdgeGateway.Search;

namespace EdgeGateway.Api.Aws;

/// <summary>Which ARNs may carry tags, and whether there is something behind them.</summary>
internal sealed class TaggableResources(
    IdentityArns arns, IThingGroups groups, IThingTypes types, IBillingGroups billingGroups, IPolicies policies, IFleetMetrics metrics, IJobs jobs, IFileStreams streams, ICommands commands, ICertificateAuthorities authorities, IRules rules, AwsRecords records, GatewayOptions gateway)
{
    /// <exception cref="AwsException">Nothing there (ResourceNotFound), or not of a kind that has tags (InvalidRequest).</exception>
    public void RequireExisting(string arn)
    {
        if (Exists(arn, "thinggroup", groups.Find) || Exists(arn, "thingtype", types.Find) || Exists(arn, "billinggroup", billingGroups.Find)
            || Exists(arn, "policy", policies.Find) || Exists(arn, "fleetmetric", metrics.Find)
            || Exists(arn, "job", jobs.Find) || Exists(arn, "jobtemplate", jobs.FindTemplate) || Exists(arn, "stream", streams.Find) || Exists(arn, "command", commands.Find) || Exists(arn, "scheduledaudit", name => records.Find("audit-schedule", name))
            || Exists(arn, "package", name => name.Split('/') is [var package, "version", var version] ? records.Find("packageversion", $"{package}/{version}") : records.Find("package", name)) || Exists(arn, "cacert", authorities.Find) || Exists(arn, "rule", rules.Find)
            || Exists(arn, "rolealias", name => records.Find("rolealias", name)) || Exists(arn, "domainconfiguration", name => records.Find("domainconfiguration", name.Split('/')[0])))
            return;
        throw AwsException.InvalidRequest(
            $"resourceArn is '{arn}', expected {gateway.Arn("")} and a thinggroup, thingtype, billinggroup, policy, cacert, rule, rolealias, domainconfiguration, fleetmetric, job, jobtemplate, stream, command, package or scheduledaudit: things and certificates carry no tags");
    }

    private bool Exists<T>(string arn, string kind, Func<string, T?> find) where T : class
    {
        if (arns.Id(arn, kind) is not { } name)
            return false;
        return find(name) is not null ? true : throw AwsException.NotFound($"{arn} is not there");
    }
}
