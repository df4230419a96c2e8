namespace EdgeGateway.Jobs;

/// <summary>
/// Sees when the wall clock is set: it then moves otherwise than the monotonic clock. What was due some minutes after a moment of this boot is still due after
/// those minutes; what an earlier boot wrote down stands, as nobody knows how long the machine was off.
/// </summary>
internal sealed class ClockSteps(TimeProvider time) : IDisposable
{
    private const long Least = 2000; // ms: less is steering, not setting
    private readonly SemaphoreSlim _gate = new(1, 1); // guards _offset
    private long? _offset;

    /// <summary>Writes down what has happened since the last look, if anything. Who comes meanwhile waits: the old times are no good to anybody.</summary>
    public async Task FollowAsync(Func<ClockStep, Task> write)
    {
        await _gate.WaitAsync();
        var before = _offset;
        try
        {
            if (Take() is { } step)
                await write(step);
        }
        catch
        {
            _offset = before; // it was not written down: the next look finds it again
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    private ClockStep? Take()
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var offset = now - (long)time.GetElapsedTime(0).TotalMilliseconds; // when the machine started, by the wall clock as it is now
        var before = _offset ?? offset;
        _offset = offset;
        return Math.Abs(offset - before) < Least ? null : new(before, now - (offset - before), offset - before);
    }
}
