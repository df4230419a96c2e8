namespace EdgeGateway.Identity;

/// <summary>Says who a connecting client is. Asked once per connection, after the TLS handshake and CONNECT.</summary>
public interface IAuthenticator
{
    /// <summary>Never throws for bad credentials; failures are slowed per address and logged here.</summary>
    ValueTask<AuthenticationResult> AuthenticateAsync(ConnectCredentials credentials, CancellationToken cancellationToken);

    /// <summary>Begins an enhanced authentication (MQTT 5.0 §4.12).</summary>
    /// <param name="method">Authentication Method of CONNECT, such as <c>SCRAM-SHA-256</c>.</param>
    /// <returns>Null: the method is not offered.</returns>
    IEnhancedAuthentication? BeginEnhanced(string method, ConnectCredentials credentials) => null;
}
