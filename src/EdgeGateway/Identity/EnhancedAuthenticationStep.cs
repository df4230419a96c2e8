namespace EdgeGateway.Identity;

/// <summary>What an enhanced authentication answers to one packet of the client.</summary>
public abstract record EnhancedAuthenticationStep
{
    private EnhancedAuthenticationStep()
    {
    }

    /// <summary>The client must answer this.</summary>
    public sealed record Continue(byte[] Data) : EnhancedAuthenticationStep;

    /// <summary>The client is who it says; the data proves that we know its credentials, too.</summary>
    public sealed record Accepted(Principal Principal, byte[] Data) : EnhancedAuthenticationStep;

    /// <param name="Reason">What was wrong.</param>
    /// <param name="Detail">One line for logs and Reason String; holds no secret.</param>
    public sealed record Refused(AuthenticationFailure Reason, string Detail) : EnhancedAuthenticationStep;
}
