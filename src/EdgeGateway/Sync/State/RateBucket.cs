namespace EdgeGateway.Sync.State;

/// <summary>So many a second, with a burst of twice as many.</summary>
/// <param name="perSecond">0: no limit.</param>
internal sealed class RateBucket(int perSecond, TimeProvider time)
{
    private readonly Lock _gate = new();                                             // guards the two below
    private double _tokens = perSecond * 2;
    private long _at = time.GetTimestamp();

    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        var wait = Reserve();
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken);
    }

    /// <returns>How long to wait for the token that was taken.</returns>
    private TimeSpan Reserve()
    {
        if (perSecond == 0)
            return TimeSpan.Zero;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(perSecond * 2, _tokens + time.GetElapsedTime(_at, now).TotalSeconds * perSecond) - 1;
            _at = now;
            return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / perSecond);
        }
    }
}
