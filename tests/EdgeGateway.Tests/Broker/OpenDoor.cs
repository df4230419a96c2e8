using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Tests.Broker;

/// <summary>Lets everybody in, to do everything but what begins with <see cref="Denied"/>.</summary>
internal sealed class OpenDoor : IAuthenticator, IAuthorizer, IConnectionAuthority
{
    public event Action? Changed;

    public event Action<string>? CertificateClosed
    {
        add { }
        remove { }
    }

    public byte[] Denied { get; private set; } = [0];

    public long Epoch { get; private set; }

    public void Deny(string prefix)
    {
        Denied = System.Text.Encoding.UTF8.GetBytes(prefix);
        Epoch++;
        Changed?.Invoke();
    }

    public ValueTask<AuthenticationResult> AuthenticateAsync(ConnectCredentials credentials, CancellationToken cancellationToken) =>
        ValueTask.FromResult<AuthenticationResult>(new AuthenticationResult.Accepted(new("somebody", PrincipalKind.Anonymous, null)));

    public IConnectionAuthority Open(ConnectionRequest connection) => this;
    public PolicyDecision Decide(Principal principal, string action, string resource) => PolicyDecision.Allow;
    public bool MayConnect() => true;
    public bool MayPublish(ReadOnlySpan<byte> topic) => !topic.StartsWith(Denied);
    public bool MayPublishRetained(ReadOnlySpan<byte> topic) => true;
    public bool MaySubscribe(ReadOnlySpan<byte> filter) => !filter.StartsWith(Denied);
    public bool MayReceive(ReadOnlySpan<byte> topic) => !topic.StartsWith(Denied);
}
