namespace EdgeGateway.Gateway;

/// <summary>Lets so many things a second through, and a second's worth at once. For one thread at a time.</summary>
internal sealed class TokenBucket(int perSecond, TimeProvider time)
{
    private double _tokens = perSecond;
    private long _at = time.GetTimestamp();

    /// <summary>Nothing was taken for a second: it is as new.</summary>
    public bool IsFull => time.GetElapsedTime(_at).TotalSeconds >= 1;

    /// <summary>Lets it through in any case.</summary>
    /// <returns>How long the next one should wait for it.</returns>
    public TimeSpan TakeOrOwe()
    {
        Fill();
        _tokens--;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / perSecond);
    }

    public bool TryTake()
    {
        Fill();
        if (_tokens < 1)
            return false;
        _tokens--;
        return true;
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(perSecond, _tokens + (time.GetElapsedTime(_at, now).TotalSeconds * perSecond));
        _at = now;
    }
}
