using System.Globalization;
using EdgeGateway.Api.Aws.Records;
using EdgeGateway.Configuration;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Aws.Operations;

/// <summary>The credentials provider: a device shows its certificate and gets temporary keys of a role alias (AWS guide: HTTPS).</summary>
internal sealed partial class CredentialOperations(
    AwsRecords records, ITemporaryKeys keys, RoleCallers roles, IPolicyExplainer policies, IThingCatalog things, IdentityArns arns, GatewayOptions gateway, ILogger<CredentialOperations> logger) : IAwsOperations
{
    private const string ThingHeader = "x-amzn-iot-thingname";

    public IEnumerable<KeyValuePair<string, AwsHandler>> Handlers => [new("AssumeRoleWithCertificate", Assume)];

    private ValueTask<AwsReply> Assume(AwsCall call, CancellationToken cancellationToken)
    {
        if (call.Caller.Principal is not { Kind: PrincipalKind.Certificate, CertificateId: { } certificate })
            throw Denied("temporary credentials are given for a client certificate");
        var name = call.Label("roleAlias");
        RequireAllowed(call, certificate, gateway.Arn($"{RoleAliasOperations.Kind}/{name}"));
        var alias = records.Find(RoleAliasOperations.Kind, name) ?? throw AwsException.NotFound($"role alias {name} is not known");
        var role = alias.Text("roleArn")!;
        if (!roles.Knows(role))
            throw Denied($"{role} names no role of this gateway: 'edgegateway role put {RoleCallers.NameOf(role)} --document FILE' makes it");
        var key = keys.Issue(role, certificate, TimeSpan.FromSeconds(alias.Document["seconds"]!.GetValue<long>()));
        LogIssued(key.Id, name, certificate, key.Expires);
        return new(AwsReply.Json(writer => writer.WriteObject("credentials", credentials =>
        {
            credentials.WriteString("accessKeyId"u8, key.Id);
            credentials.WriteString("secretAccessKey"u8, key.Secret);
            credentials.WriteString("sessionToken"u8, key.SessionToken);
            credentials.WriteString("expiration"u8, key.Expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        })));
    }

    /// <summary>With a thing named, its attachment and the policies of its groups count too.</summary>
    private void RequireAllowed(AwsCall call, string certificate, string alias)
    {
        var thing = call.Header(ThingHeader);
        if (thing is not null && !things.IsAttached(thing, arns.Certificate(certificate)))
            throw Denied($"the certificate is not attached to thing {thing}");
        var asked = new ConnectionRequest(call.Caller.Principal, thing ?? "", call.Http.Connection.RemoteIpAddress);
        if (policies.Explain(asked, "iot:AssumeRoleWithCertificate", alias).Decision != PolicyDecision.Allow)
            throw Denied($"{call.Caller.Actor} is not allowed iot:AssumeRoleWithCertificate on {alias}");
    }

    private static AwsException Denied(string message) => new(403, "AccessDeniedException", message);

    [LoggerMessage(9405, LogLevel.Information, "Temporary key {Key} of role alias {Alias} given to certificate {Certificate}, until {Expires}")]
    private partial void LogIssued(string key, string alias, string certificate, DateTimeOffset expires);
}
