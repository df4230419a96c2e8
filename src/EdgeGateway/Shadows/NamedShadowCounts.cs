using System.Collections.Concurrent;

namespace EdgeGateway.Shadows;

/// <summary>How many named shadows things have, with everything decided so far; counted in the database at a thing's first new name.</summary>
internal sealed class NamedShadowCounts(ShadowStore store)
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts a shadow that comes or goes.</summary>
    /// <returns>False: there are <paramref name="most"/> already.</returns>
    public bool TryAdd(ShadowId shadow, int difference, int most)
    {
        if (shadow.IsClassic)
            return true;
        var count = _counts.GetOrAdd(shadow.Thing, store.CountNamed);
        if (difference > 0 && count >= most)
            return false;
        _counts[shadow.Thing] = count + difference;
        return true;
    }

    /// <summary>What was counted did not come about: count again.</summary>
    public void Forget(string thing) => _counts.TryRemove(thing, out _);
}
