namespace EdgeGateway.Identity;

/// <summary>Outcome of an authentication: a principal, or a refusal the gateway words as CONNACK or HTTP status.</summary>
public abstract record AuthenticationResult
{
    private AuthenticationResult()
    {
    }

    /// <summary>The client is who it says. What it may do is the authorizer's answer.</summary>
    public sealed record Accepted(Principal Principal) : AuthenticationResult;

    /// <summary>The client is not let in; already logged, with whom and why.</summary>
    /// <param name="Reason">What was wrong.</param>
    /// <param name="Detail">One line for logs and Reason String; holds no secret.</param>
    public sealed record Refused(AuthenticationFailure Reason, string Detail) : AuthenticationResult;
}
