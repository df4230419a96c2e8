namespace EdgeGateway.Sync.Uplink;

/// <summary>Lets through one second's worth at once and the configured rate on average.</summary>
/// <param name="bitsPerSecond">Null: no cap.</param>
internal sealed class BandwidthCap(long? bitsPerSecond, TimeProvider time)
{
    private readonly double _bytesPerSecond = (bitsPerSecond ?? 0) / 8.0;
    private double _allowance = (bitsPerSecond ?? 0) / 8.0;
    private long _last = time.GetTimestamp();

    public bool MaySend
    {
        get
        {
            if (bitsPerSecond is null)
                return true;
            var now = time.GetTimestamp();
            _allowance = Math.Min(_bytesPerSecond, _allowance + (time.GetElapsedTime(_last, now).TotalSeconds * _bytesPerSecond));
            _last = now;
            return _allowance > 0;
        }
    }

    /// <summary>A packet larger than the allowance is let through and paid back.</summary>
    public void Spend(int bytes) => _allowance -= bytes;
}
