namespace EdgeGateway.Api.Aws.SigV4;

/// <summary>
/// Signatures seen since the start. Two equal calls within a second carry the same signature, so a repetition is honest for as long as a
/// signature could be honest at all; what comes back later, by a clock nobody can set, is a replay. That is what stands in for the date while
/// the gateway's own clock is not to be trusted.
/// </summary>
internal sealed class ReplayCache(TimeProvider time)
{
    private const int Capacity = 100_000;

    private readonly Lock _gate = new();                                             // guards both collections
    private readonly Dictionary<string, long> _firstSeen = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <returns>False: this signature was first seen longer ago than it may live.</returns>
    public bool TryUse(string signature, TimeSpan life)
    {
        lock (_gate)
        {
            if (_firstSeen.TryGetValue(signature, out var first))
                return time.GetElapsedTime(first) <= life;
            if (_order.Count == Capacity)
                _firstSeen.Remove(_order.Dequeue());
            _firstSeen[signature] = time.GetTimestamp();
            _order.Enqueue(signature);
            return true;
        }
    }
}
