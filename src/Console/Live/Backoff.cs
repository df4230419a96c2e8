namespace EdgeGateway.Pages.Live;

/// <summary>
/// Waiting times between attempts: 0.5 s doubling to 15 s, each shortened by up to a quarter,
/// so that ten open pages do not return in step when the gateway does.
/// </summary>
internal sealed class Backoff(Func<double>? random = null)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);
    private readonly Func<double> _random = random ?? Random.Shared.NextDouble;
    private TimeSpan _next = First;

    public TimeSpan Next()
    {
        var wait = _next * (1 - (_random() * 0.25));
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return wait;
    }

    public void Reset() => _next = First;
}
