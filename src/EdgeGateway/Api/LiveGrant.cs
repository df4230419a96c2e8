using EdgeGateway.Identity;

namespace EdgeGateway.Api;

/// <summary>
/// A connection is let in once and then lives on: where what let it in may be taken away (a key, a token, a person), the gateway asks again each
/// second and closes it.
/// </summary>
internal static class LiveGrant
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    /// <param name="isGood">Whether that would still let somebody in.</param>
    public static Caller While(Caller caller, TimeProvider time, Func<bool> isGood)
    {
        var grant = new AuthorizerGrant(time, caller.Principal.PolicyDocuments, TimeSpan.MaxValue, LookAgain, (grant, _) =>
        {
            grant.Renew(grant.Documents, LookAgain);
            return Task.FromResult(isGood());
        });
        return caller with { Principal = caller.Principal with { Grant = grant } };
    }
}
