namespace EdgeGateway.Identity.Credentials;

/// <summary>Outcome of a sign-in or a claim.</summary>
public abstract record SignInResult
{
    private SignInResult()
    {
    }

    public sealed record Accepted(Person Person) : SignInResult;

    /// <summary>Name or password is wrong, or the claim code is; which of them is not told.</summary>
    public sealed record Refused : SignInResult;

    /// <summary>Too many failures from this address.</summary>
    public sealed record SlowDown(TimeSpan RetryAfter) : SignInResult;
}
