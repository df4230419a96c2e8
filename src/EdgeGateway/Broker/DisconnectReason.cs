namespace EdgeGateway.Broker;

/// <summary>Why a connection ended, in the words of AWS IoT's lifecycle events.</summary>
public enum DisconnectReason
{
    ConnectionLost,
    ClientInitiated,
    ClientError,
    AuthError,
    DuplicateClientId,
    ForbiddenAccess,
    KeepAliveTimeout,
    ServerError,
    ServerInitiated,
    ApiInitiated,
    Throttled,
    WebSocketTtlExpiration,
    CustomAuthTtlExpiration,
}
