namespace EdgeGateway.Shadows;

/// <summary>Requests per second and thing, counted from each full second.</summary>
/// <param name="mostPerSecond">0: no limit.</param>
internal sealed class ThingRate(int mostPerSecond)
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private long _second;

    /// <param name="now">Unix time in milliseconds.</param>
    public bool TryTake(string thing, long now)
    {
        if (mostPerSecond == 0)
            return true;
        if (now / 1000 != _second)
        {
            _counts.Clear();
            _second = now / 1000;
        }
        var count = _counts.GetValueOrDefault(thing);
        _counts[thing] = count + 1;
        return count < mostPerSecond;
    }
}
