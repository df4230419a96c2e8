using System.Net;
using System.Security.Cryptography;
using EdgeGateway.Identity.Authorizers;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Identity.Provisioning;

namespace EdgeGateway.Identity;

/// <summary>Certificate first, then the custom authorizer a client names, user name and password, anonymous where the listener allows it, the default authorizer.</summary>
internal sealed partial class Authenticator(
    CertificateJudge judge, CredentialStore credentials, CustomAuthentication custom, ProvisioningClaims claims, JustInTimeRegistration justInTime, SignInThrottle throttle,
    ILogger<Authenticator> logger) : IAuthenticator
{
    public async ValueTask<AuthenticationResult> AuthenticateAsync(ConnectCredentials shown, CancellationToken cancellationToken)
    {
        var result = shown switch
        {
            { ClientCertificate: not null } => await ByCertificateAsync(shown, cancellationToken),
            _ when AuthorizerCredentials.NamesOne(shown) => await ByAuthorizerAsync(shown, cancellationToken),
            { UserName.Length: > 0 } when !custom.Concerns(shown) || credentials.List().Contains(shown.UserName) => await ByPasswordAsync(shown, cancellationToken),
            { AnonymousAllowed: true, UserName: null or "" } => new AuthenticationResult.Accepted(new Principal("anonymous", PrincipalKind.Anonymous, null) { PolicyName = shown.AnonymousPolicy }),
            _ when custom.Concerns(shown) => await ByAuthorizerAsync(shown, cancellationToken),
            _ => new AuthenticationResult.Refused(AuthenticationFailure.NoCredentials, "no certificate and no user name"),
        };
        if (result is AuthenticationResult.Refused refused)
            LogRefused(shown.ClientId, shown.RemoteAddress, refused.Reason, refused.Detail);
        return result;
    }

    public IEnhancedAuthentication? BeginEnhanced(string method, ConnectCredentials shown) => method == ScramExchange.Method
        ? new ScramExchange(credentials.Scram, throttle, shown.RemoteAddress, static () => Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)))
        : null;

    private async ValueTask<AuthenticationResult> ByCertificateAsync(ConnectCredentials shown, CancellationToken cancellationToken)
    {
        var certificate = shown.ClientCertificate!;
        var refusal = judge.Refusal(certificate);
        if (refusal is { Failure: AuthenticationFailure.UnknownCertificate } && claims.Find(certificate) is { } claim)
            return new AuthenticationResult.Accepted(claim);
        if (refusal is { Failure: AuthenticationFailure.UnknownCertificate or AuthenticationFailure.CertificatePending }
            && await justInTime.TryRegisterAsync(certificate, cancellationToken))
        {
            refusal = judge.Refusal(certificate);
        }
        if (refusal is var (failure, detail))
            return new AuthenticationResult.Refused(failure, detail);
        var id = CertificateIds.Of(certificate);
        return new AuthenticationResult.Accepted(new Principal(id, PrincipalKind.Certificate, id));
    }

    private async ValueTask<AuthenticationResult> ByAuthorizerAsync(ConnectCredentials shown, CancellationToken cancellationToken)
    {
        if (throttle.Remaining(shown.RemoteAddress) > TimeSpan.Zero)
            return new AuthenticationResult.Refused(AuthenticationFailure.TooManyAttempts, $"too many failures from {shown.RemoteAddress}");
        var result = await custom.AuthenticateAsync(shown, cancellationToken);
        if (result is AuthenticationResult.Accepted)
            throttle.Succeeded(shown.RemoteAddress);
        else
            throttle.Failed(shown.RemoteAddress);
        return result;
    }

    private async ValueTask<AuthenticationResult> ByPasswordAsync(ConnectCredentials shown, CancellationToken cancellationToken)
    {
        if (throttle.Remaining(shown.RemoteAddress) > TimeSpan.Zero)
            return new AuthenticationResult.Refused(AuthenticationFailure.TooManyAttempts, $"too many failures from {shown.RemoteAddress}");
        if (shown.Password is { } password && await credentials.VerifyAsync(shown.UserName!, password, cancellationToken))
        {
            throttle.Succeeded(shown.RemoteAddress);
            return new AuthenticationResult.Accepted(new Principal(shown.UserName!, PrincipalKind.User, null));
        }
        throttle.Failed(shown.RemoteAddress);
        return new AuthenticationResult.Refused(AuthenticationFailure.BadUserNameOrPassword, $"user {shown.UserName}: unknown, or wrong password");
    }

    [LoggerMessage(3201, LogLevel.Warning, "Client {ClientId} from {Address} refused ({Reason}): {Detail}")]
    private partial void LogRefused(string? clientId, IPAddress? address, AuthenticationFailure reason, string detail);
}
