using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Storage;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>
/// Claims of trusted users (AWS guide: Device provisioning): certificates for five minutes and one template. They are in no list of certificates, and their
/// policy is fixed: the provisioning topics of that template.
/// </summary>
internal sealed class ProvisioningClaims(
    Database database, CertificateRegistry certificates, IProvisioningTemplates templates, IdentityArns arns, AuditLog audit, TimeProvider time)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    /// <exception cref="IdentityException">There is no such template, or it is not for fleet provisioning.</exception>
    public async Task<(IssuedClaim Claim, DateTimeOffset Expiration)> CreateAsync(string template, string actor)
    {
        var found = templates.Find(template) ?? throw IdentityException.NotFound("provisioning template", template);
        if (!found.Enabled || found.Type != "FLEET_PROVISIONING")
            throw new IdentityException(IdentityError.InvalidRequest, $"provisioning template {template} is not enabled for fleet provisioning");
        var claim = await certificates.IssueClaimAsync();
        var expires = time.GetUtcNow() + Life;
        await database.WriteAsync(connection =>
        {
            connection.Execute("DELETE FROM identity_claim WHERE expires <= $now", ("$now", time.GetUtcNow().ToUnixTimeMilliseconds()));
            connection.Execute(
                "INSERT INTO identity_claim (id, template, expires) VALUES ($id, $template, $expires)",
                ("$id", claim.Id), ("$template", template), ("$expires", expires.ToUnixTimeMilliseconds()));
            audit.Append(connection, actor, "claim.create", arns.ProvisioningTemplate(template), claim.Id);
        });
        return (claim, expires);
    }

    /// <summary>Who a claim certificate stands for; null when it is none, or its time is over.</summary>
    public Principal? Find(X509Certificate2 certificate)
    {
        var id = CertificateIds.Of(certificate);
        var template = database.Read(connection => connection.Scalar(
            "SELECT template FROM identity_claim WHERE id = $id AND expires > $now", ("$id", id), ("$now", time.GetUtcNow().ToUnixTimeMilliseconds()))) as string;
        return template is null ? null : new Principal(id, PrincipalKind.Authorizer, id) { Grant = new AuthorizerGrant(time, [Document(template)], Life, Life, refresh: null) };
    }

    private PolicyDocument Document(string template) => PolicyDocument.Parse($$"""
        {
          "Version": "2012-10-17",
          "Statement": [
            { "Effect": "Allow", "Action": "iot:Connect", "Resource": "*" },
            { "Effect": "Allow", "Action": ["iot:Publish", "iot:Receive"], "Resource": [
              "{{arns.Prefix}}topic/$aws/certificates/create/*", "{{arns.Prefix}}topic/$aws/certificates/create-from-csr/*",
              "{{arns.Prefix}}topic/$aws/provisioning-templates/{{template}}/provision/*" ] },
            { "Effect": "Allow", "Action": "iot:Subscribe", "Resource": [
              "{{arns.Prefix}}topicfilter/$aws/certificates/create/*", "{{arns.Prefix}}topicfilter/$aws/certificates/create-from-csr/*",
              "{{arns.Prefix}}topicfilter/$aws/provisioning-templates/{{template}}/provision/*" ] }
          ]
        }
        """);
}
