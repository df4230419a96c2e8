namespace EdgeGateway.Identity;

/// <summary>How a principal proved who it is; decides where its policies come from.</summary>
public enum PrincipalKind
{
    /// <summary>X.509 client certificate; policies hang on the certificate and on the groups of its thing.</summary>
    Certificate,

    /// <summary>User name and password from the credentials store; policies hang on the user.</summary>
    User,

    /// <summary>No credentials, let in by <c>listeners.mqtt.anonymous</c>; one policy by name.</summary>
    Anonymous,

    /// <summary>Local access key (SigV4 over WebSocket or HTTPS); policies hang on the key's user.</summary>
    AccessKey,

    /// <summary>Let in by a custom authorizer; only the documents it returned apply (AWS guide: Custom authentication). A provisioning claim is let in the same way.</summary>
    Authorizer,

    /// <summary>The control socket and the gateway's own slices: everything is allowed.</summary>
    Local,
}
