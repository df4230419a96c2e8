namespace EdgeGateway.Sync.Uplink;

/// <summary>Doubling pauses between attempts, with jitter, so that a thousand gateways do not come back at the same moment.</summary>
internal sealed class Backoff(TimeSpan first)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2), LeastForPeople = TimeSpan.FromSeconds(10);
    private int _failures;

    public void Reset() => _failures = 0;

    /// <param name="state">What only a person or time can mend is tried less often.</param>
    public TimeSpan Next(UpstreamState state)
    {
        var pause = first * Math.Pow(2, Math.Min(_failures++, 20));
        if (state is UpstreamState.Unauthorized or UpstreamState.Untrusted or UpstreamState.Quota && pause < LeastForPeople)
            pause = LeastForPeople;
        return (pause < Longest ? pause : Longest) * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
