using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Rules.Roles;

namespace EdgeGateway.Api.Aws;

/// <summary>Who calls with temporary credentials: the role they were given for, as long as it stands and the device's certificate is active.</summary>
internal sealed class RoleCallers(IRuleRoles roles, ICertificates certificates, IdentityState state, IClockFloor clock, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <exception cref="AwsException">403: the role or the certificate is there no more.</exception>
    public Caller CallerOf(TemporaryKey key)
    {
        if (!IsActive(key))
            throw new AwsException(403, "UnrecognizedClientException", "The security token included in the request is invalid: the certificate it was given for is not active any more.");
        if (DocumentOf(key.RoleArn) is not { } document)
            throw new AwsException(403, "AccessDeniedException", $"{NameOf(key.RoleArn)} is no role of this gateway: 'edgegateway role put' makes it");
        var kept = document;
        var grant = new AuthorizerGrant(time, [PolicyDocument.Parse(document)], key.Expires - clock.Now, LookAgain, (grant, _) =>
        {
            if (!IsActive(key) || DocumentOf(key.RoleArn) is not { } now)
                return Task.FromResult(false);
            grant.Renew(now == kept ? grant.Documents : [PolicyDocument.Parse(now)], LookAgain);
            if (now != kept)
                state.NoteChange();
            kept = now;
            return Task.FromResult(true);
        });
        var name = NameOf(key.RoleArn);
        return new Caller(new Principal(name, PrincipalKind.Authorizer, key.CertificateId) { Grant = grant }, Role: null, $"role:{name}/{key.CertificateId}") { ActsUnderRole = true };
    }

    /// <summary>Is there a role of that name, for new credentials?</summary>
    public bool Knows(string roleArn) => DocumentOf(roleArn) is not null;

    public static string NameOf(string roleArn) => roleArn[(roleArn.LastIndexOf('/') + 1)..];

    private string? DocumentOf(string roleArn) => roles.All.FirstOrDefault(role => role.Name == NameOf(roleArn))?.Document;

    private bool IsActive(TemporaryKey key) => certificates.Find(key.CertificateId) is { Status: CertificateStatus.Active };
}
