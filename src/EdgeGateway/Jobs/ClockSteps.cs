namespace EdgeGateway.Jobs;

/// <summary>
/// Sees when the wall clock is set: it then moves otherwise than the monotonic clock. What was due some minutes after a moment of this boot is still due after
/// those minutes; what an earlier boot wrote down stands, as nobody knows how long the machine was off.
/// </summary>
internal sealed class ClockSteps(TimeProvider time)
{
    private const long Least = 2000; // ms: less is steering, not setting
    private readonly Lock _lock = new(); // guards _offset
    private long? _offset;

    /// <summary>What has happened since the last look, once.</summary>
    public ClockStep? Take()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var offset = now - (long)time.GetElapsedTime(0).TotalMilliseconds; // when the machine started, by the wall clock as it is now
        lock (_lock)
        {
            var before = _offset ?? offset;
            _offset = offset;
            return Math.Abs(offset - before) < Least ? null : new(before, now - (offset - before), offset - before);
        }
    }

    /// <summary>The step was not written down: the next look finds it again.</summary>
    public void GiveBack(ClockStep step)
    {
        lock (_lock)
            _offset -= step.By;
    }
}
