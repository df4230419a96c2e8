namespace EdgeGateway.Identity;

/// <summary>Why an authentication failed. The gateway maps it: MQTT 5 0x86 bad credentials, 0x87 not authorized, 0x8A banned, 0x9F rate; 3.1.1 4 or 5.</summary>
public enum AuthenticationFailure
{
    /// <summary>The listener wants credentials and none were sent.</summary>
    NoCredentials,

    /// <summary>User name unknown or password wrong; the two are not told apart.</summary>
    BadUserNameOrPassword,

    /// <summary>Certificate id not registered and its issuer does not register automatically.</summary>
    UnknownCertificate,

    /// <summary>Registered, but INACTIVE, PENDING_* or REVOKED.</summary>
    CertificateNotActive,

    /// <summary>Past its notAfter, by the time floor's clock.</summary>
    CertificateExpired,

    /// <summary>Before its notBefore while the clock is trusted.</summary>
    CertificateNotYetValid,

    /// <summary>Extended key usage present and without client authentication, or a CA certificate.</summary>
    CertificateWrongPurpose,

    /// <summary>Just registered (AWS guide: Just-in-time registration): come again after it was activated.</summary>
    CertificatePending,

    /// <summary>Too many failures from this address: try later.</summary>
    TooManyAttempts,

    /// <summary>A custom authorizer said no, failed or took too long.</summary>
    AuthorizerRefused,
}
