namespace EdgeGateway.Gateway;

/// <summary>How often one client id may connect (<c>broker.connectRate</c>).</summary>
internal sealed class ConnectRates(int perSecond, TimeProvider time)
{
    private const int MaxRemembered = 4096;
    private readonly Lock _gate = new(); // guards the buckets
    private readonly Dictionary<string, TokenBucket> _buckets = new(StringComparer.Ordinal);

    public bool TryTake(string clientId)
    {
        if (perSecond == 0)
            return true;
        lock (_gate)
        {
            if (!_buckets.TryGetValue(clientId, out var bucket))
            {
                if (_buckets.Count >= MaxRemembered)
                    Forget();
                _buckets[clientId] = bucket = new(perSecond, time);
            }
            return bucket.TryTake();
        }
    }

    private void Forget()
    {
        foreach (var (clientId, bucket) in _buckets.ToArray())
            if (bucket.IsFull)
                _buckets.Remove(clientId);
        if (_buckets.Count >= MaxRemembered)
            _buckets.Clear(); // thousands of ids in one second: none of them is the one that comes too often
    }
}
