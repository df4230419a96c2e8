using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Benchmarks.Broker;

/// <summary>Lets everybody do everything, so that the broker alone is measured.</summary>
internal sealed class OpenDoor : IAuthenticator, IAuthorizer, IConnectionAuthority
{
    public event Action? Changed
    {
        add { }
        remove { }
    }

    public event Action<string>? CertificateClosed
    {
        add { }
        remove { }
    }

    public long Epoch => 1;

    public ValueTask<AuthenticationResult> AuthenticateAsync(ConnectCredentials credentials, CancellationToken cancellationToken) =>
        ValueTask.FromResult<AuthenticationResult>(new AuthenticationResult.Accepted(new("bench", PrincipalKind.Anonymous, null)));

    public IConnectionAuthority Open(ConnectionRequest connection) => this;
    public PolicyDecision Decide(Principal principal, string action, string resource) => PolicyDecision.Allow;
    public bool MayConnect() => true;
    public bool MayPublish(ReadOnlySpan<byte> topic) => true;
    public bool MayPublishRetained(ReadOnlySpan<byte> topic) => true;
    public bool MaySubscribe(ReadOnlySpan<byte> filter) => true;
    public bool MayReceive(ReadOnlySpan<byte> topic) => true;
}
