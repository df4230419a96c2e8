namespace EdgeGateway.Shadows;

/// <summary>Words a refusal for a reason that lies at a door, such as a policy: the same body as every other (AWS guide: Shadow error messages).</summary>
public static class ShadowRefusal
{
    /// <param name="error">Why.</param>
    /// <param name="request">What was asked, read for its client token; anything, also nothing.</param>
    /// <param name="limits">A request over them is not read.</param>
    /// <param name="now">For the <c>timestamp</c>.</param>
    public static ShadowAnswer.Rejected Of(ShadowError error, ReadOnlyMemory<byte> request, ShadowOptions limits, DateTimeOffset now) =>
        new(error, ShadowBodies.Rejected(error, ShadowRequestReader.ReadGet(request, limits).ClientToken, now.ToUnixTimeMilliseconds()));
}
