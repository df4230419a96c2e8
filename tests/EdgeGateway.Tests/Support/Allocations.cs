namespace EdgeGateway.Tests;

/// <summary>
/// What a piece of code allocates once it is warm. The run time allocates on the measured thread too, but only now and then: when a
/// method is compiled again, a static is set up, a buffer grows to its size. What the code itself allocates is there in every
/// round, so the least of several rounds is the code's own.
/// </summary>
internal static class Allocations
{
    private const int Rounds = 8;

    /// <summary>Bytes that the leanest of several rounds allocated on this thread; the first, which warms up, does not count.</summary>
    /// <param name="round">The measured code, as often as makes a single allocation stand out.</param>
    /// <param name="between">Runs before each round, unmeasured; null: nothing.</param>
    public static long Least(Action round, Action? between = null)
    {
        between?.Invoke();
        round();
        var least = long.MaxValue;
        for (var n = 0; n < Rounds && least > 0; n++)
        {
            between?.Invoke();
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
