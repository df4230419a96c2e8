using EdgeGateway.Configuration;

namespace EdgeGateway.Identity;

/// <summary>ARNs of identity's resources, made and read (AWS guide: IoT policies).</summary>
public sealed class IdentityArns(GatewayOptions gateway)
{
    /// <summary><c>arn:aws:iot:REGION:ACCOUNT:</c></summary>
    public string Prefix { get; } = gateway.Arn("");

    public string Certificate(string id) => Prefix + "cert/" + id;

    public string CaCertificate(string id) => Prefix + "cacert/" + id;

    public string Policy(string name) => Prefix + "policy/" + name;

    public string Authorizer(string name) => Prefix + "authorizer/" + name;

    public string ThingGroup(string name) => Prefix + "thinggroup/" + name;

    public string ProvisioningTemplate(string name) => Prefix + "provisioningtemplate/" + name;

    /// <summary>A principal of the credentials store or an access key's owner; a kind of ours.</summary>
    public string User(string name) => Prefix + "user/" + name;

    /// <summary>What policies and things are attached to; null for principals that nothing can be attached to.</summary>
    public string? Of(Principal principal) => principal.Kind switch
    {
        PrincipalKind.Certificate => Certificate(principal.Id),
        PrincipalKind.User or PrincipalKind.AccessKey => User(principal.Id),
        _ => null,
    };

    /// <summary>The id behind <c>…:KIND/ID</c> of this gateway; null for any other ARN.</summary>
    public string? Id(string arn, string kind) =>
        arn.StartsWith(Prefix + kind + "/", StringComparison.Ordinal) ? arn[(Prefix.Length + kind.Length + 1)..] : null;
}
