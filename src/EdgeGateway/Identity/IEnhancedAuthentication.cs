namespace EdgeGateway.Identity;

/// <summary>One exchange of MQTT 5's enhanced authentication (§4.12): challenge and response until it is decided. For one client, used by one thread at a time.</summary>
public interface IEnhancedAuthentication
{
    /// <param name="data">Authentication Data of the client's packet.</param>
    ValueTask<EnhancedAuthenticationStep> NextAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken);
}
