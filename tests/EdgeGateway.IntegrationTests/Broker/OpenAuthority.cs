using EdgeGateway.Identity;
using EdgeGateway.Identity.Policies;

namespace EdgeGateway.IntegrationTests.Broker;

/// <summary>Lets everybody in and says what each may do by topic prefix; stands in for the policies where the broker alone is tested.</summary>
internal sealed class OpenAuthority : IAuthenticator, IAuthorizer
{
    private long _epoch;

    public event Action? Changed;

    public event Action<string>? CertificateClosed;

    /// <summary>Topics and filters that start with it are denied.</summary>
    public string DeniedPrefix { get; set; } = "denied/";

    /// <summary>Client ids that start with it may not connect.</summary>
    public string BannedClients { get; set; } = "banned";

    /// <summary>What each client is granted for a time; null: it stays as long as it likes.</summary>
    public Func<AuthorizerGrant>? Grant { get; set; }

    public long Epoch => Interlocked.Read(ref _epoch);

    public ValueTask<AuthenticationResult> AuthenticateAsync(ConnectCredentials credentials, CancellationToken cancellationToken) =>
        ValueTask.FromResult<AuthenticationResult>(credentials.UserName == "nobody"
            ? new AuthenticationResult.Refused(AuthenticationFailure.BadUserNameOrPassword, "wrong password")
            : new AuthenticationResult.Accepted(new(credentials.UserName ?? "anonymous", PrincipalKind.Anonymous, null) { Grant = Grant?.Invoke() }));

    public IConnectionAuthority Open(ConnectionRequest connection) => new Authority(this, connection.ClientId);

    public PolicyDecision Decide(Principal principal, string action, string resource) => throw new NotSupportedException();

    public void Change(string deniedPrefix)
    {
        DeniedPrefix = deniedPrefix;
        Interlocked.Increment(ref _epoch);
        Changed?.Invoke();
    }

    public void CloseCertificate(string id) => CertificateClosed?.Invoke(id);

    private sealed class Authority(OpenAuthority owner, string clientId) : IConnectionAuthority
    {
        public long Epoch => owner.Epoch;
        public bool MayConnect() => !clientId.StartsWith(owner.BannedClients, StringComparison.Ordinal);
        public bool MayPublish(ReadOnlySpan<byte> topic) => Allowed(topic);
        public bool MayPublishRetained(ReadOnlySpan<byte> topic) => Allowed(topic);
        public bool MaySubscribe(ReadOnlySpan<byte> filter) => Allowed(filter);
        public bool MayReceive(ReadOnlySpan<byte> topic) => Allowed(topic);
        private bool Allowed(ReadOnlySpan<byte> topic) => !topic.StartsWith(System.Text.Encoding.UTF8.GetBytes(owner.DeniedPrefix));
    }
}
