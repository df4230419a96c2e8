using EdgeGateway.Storage.Log;

namespace EdgeGateway.Sync.Store;

/// <summary>
/// The messages of one class for one upstream. Where the policy thins, older stretches move into coarser logs behind one another,
/// each with half of the messages of the one before: a long outage leaves a curve that grows coarser with age.
/// </summary>
internal sealed class Backlog : IDisposable
{
    /// <summary>The coarsest keeps every eighth message of a topic; from there on the oldest go.</summary>
    private const int CoarsestLevel = 3;

    private readonly Func<int, ClassQueue> _open;
    private volatile ClassQueue[] _levels; // finest first; only grows

    /// <param name="open">Opens the log of a level.</param>
    /// <param name="exists">Whether an earlier run left one.</param>
    public Backlog(MessageClass messageClass, FullPolicy full, Func<int, ClassQueue> open, Func<int, bool> exists)
    {
        (Class, Full, _open) = (messageClass, full, open);
        var levels = new List<ClassQueue> { open(0) };
        while (levels.Count <= CoarsestLevel && exists(levels.Count))
        {
            levels.Add(open(levels.Count));
            levels[^2].SkipWhatIsIn(levels[^1]);
        }
        _levels = [.. levels];
    }

    public MessageClass Class { get; }

    public FullPolicy Full { get; }

    /// <summary>Where new messages go.</summary>
    public ClassQueue Newest => _levels[0];

    /// <summary>In the order they are sent: the coarsest holds the oldest.</summary>
    public IEnumerable<ClassQueue> OldestFirst => _levels.Reverse();

    public long StoredBytes
    {
        get
        {
            var bytes = 0L;
            foreach (var level in _levels)
                bytes += level.StoredBytes;
            return bytes;
        }
    }

    /// <summary>Gives up the oldest segment there is.</summary>
    public bool DropOldest() => OldestFirst.Any(static level => level.DropOldest());

    /// <summary>Makes room by half a segment, where most lies; for one caller at a time.</summary>
    /// <param name="waitDurable">Waits until a log has written through a position; false: it will not.</param>
    /// <returns>False: nothing can be thinned now.</returns>
    public bool Thin(Func<SegmentedLog, long, bool> waitDurable)
    {
        var levels = _levels;
        foreach (var level in Enumerable.Range(0, levels.Length).OrderByDescending(level => levels[level].StoredBytes))
            if (level == CoarsestLevel ? levels[level].DropOldest() : levels[level].ThinInto(Coarser(level), waitDurable))
                return true;
        return false;
    }

    public void Dispose()
    {
        foreach (var level in _levels)
            level.Dispose();
    }

    private ClassQueue Coarser(int level)
    {
        if (level + 1 == _levels.Length)
            _levels = [.. _levels, _open(level + 1)];
        return _levels[level + 1];
    }
}
