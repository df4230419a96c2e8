using System.Text;
using EdgeGateway.Api.Aws.SigV4;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Authorizers;
using EdgeGateway.Identity.Credentials;

namespace EdgeGateway.Api.Aws;

/// <summary>Says who calls: a signature first, then whom the edge knows already (local socket, token, session), then a client certificate, a device's user name and password, an authorizer.</summary>
internal sealed class AwsAuthentication(SigV4Verifier verifier, RoleCallers roles, PersonSignIn people, IAccessKeys keys, IAuthenticator authenticator, CustomAuthentication custom, TimeProvider time)
{
    /// <returns>The caller, and the service of its signature; null without one.</returns>
    /// <exception cref="AwsException">403 or 401: not let in.</exception>
    public async ValueTask<(Caller Caller, string? Service)> AuthenticateAsync(HttpContext http, RawTarget target, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (Signature.IsPresent(target, http.Request.Headers))
            return Signed(http, target, payload);
        // A device that shows its certificate means to be that device, in the demo too.
        if (http.Features.Get<Caller>() is { } known && (known != Caller.Demo || http.Connection.ClientCertificate is null))
            return (known, null);
        var credentials = Credentials(http);
        var device = credentials.ClientCertificate is null ? people.DeviceOf(http.Request) : null;
        if (device is var (name, password))
            credentials = credentials with { UserName = name, Password = Encoding.UTF8.GetBytes(password) };
        var hasOther = credentials.ClientCertificate is null && (device is not null || custom.Concerns(credentials));
        if (http.Request.Headers.Authorization.Count > 0 && !hasOther)
            throw new AwsException(403, "UnrecognizedClientException", "The Authorization header is neither a signature nor the sign-in of a person known here.");
        if (credentials.ClientCertificate is null && !hasOther)
            throw new AwsException(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
        return await authenticator.AuthenticateAsync(credentials, cancellationToken) switch
        {
            AuthenticationResult.Accepted accepted => (new Caller(accepted.Principal, Role: null, $"device:{accepted.Principal.Id}"), null),
            AuthenticationResult.Refused refused => throw new AwsException(403, "ForbiddenException", refused.Detail),
            _ => throw new InvalidOperationException("a result is accepted or refused"),
        };
    }

    private static ConnectCredentials Credentials(HttpContext http) => new()
    {
        ClientCertificate = http.Connection.ClientCertificate,
        Listener = http.Request.IsHttps ? ListenerKind.Https : ListenerKind.Http,
        RemoteAddress = http.Connection.RemoteIpAddress,
        Headers = http.Request.Headers.ToDictionary(static header => header.Key.ToLowerInvariant(), static header => header.Value.ToString(), StringComparer.Ordinal),
        QueryString = http.Request.QueryString.Value,
    };

    /// <summary>Whom the handshake of MQTT over WebSocket proves; null when it carries no signature, and CONNECT must say.</summary>
    /// <exception cref="AwsException">403: the signature does not hold.</exception>
    public Caller? AuthenticateUpgrade(HttpContext http)
    {
        var target = AwsEndpoint.TargetOf(http);
        if (!Signature.IsPresent(target, http.Request.Headers))
            return null;
        var verified = Verify(http, target, default);
        return verified.Key is { } key
            ? LiveGrant.While(CallerOf(key), time, () => keys.List().Any(kept => kept.Id == key.Id))
            : roles.CallerOf(verified.Temporary!);
    }

    private (Caller Caller, string? Service) Signed(HttpContext http, RawTarget target, ReadOnlyMemory<byte> payload)
    {
        var verified = Verify(http, target, payload);
        return (verified.Temporary is { } key ? roles.CallerOf(key) : CallerOf(verified.Key!), verified.Service);
    }

    private VerifiedSignature Verify(HttpContext http, RawTarget target, ReadOnlyMemory<byte> payload) =>
        verifier.Verify(new(http.Request.Method, target, http.Request.Headers, payload, http.Request.IsHttps));

    private static Caller CallerOf(AccessKey key) => new(key.ToPrincipal(), key.Role, $"api:{key.Id}");
}
