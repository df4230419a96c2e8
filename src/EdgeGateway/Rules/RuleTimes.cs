using System.Numerics;

namespace EdgeGateway.Rules;

/// <summary>How long evaluations took, counted in steps of a quarter of a power of two: a percentile is at most 25 % too high, up to 200 s.</summary>
/// <remarks>Not for several threads at once. Hot path: 0 bytes allocated.</remarks>
internal sealed class RuleTimes
{
    private const int StepBits = 2;
    private const int Steps = 1 << StepBits;
    private readonly long[] _counts = new long[30 * Steps];
    private long _total;

    public TimeSpan Sum { get; private set; }

    public TimeSpan Slowest { get; private set; }

    public void Add(TimeSpan elapsed)
    {
        Sum += elapsed;
        if (elapsed > Slowest)
            Slowest = elapsed;
        _counts[StepOf(elapsed.Ticks)]++;
        _total++;
    }

    /// <param name="share">0.5: half of the evaluations took no longer.</param>
    /// <returns>Zero while there was none.</returns>
    public TimeSpan Percentile(double share)
    {
        var left = Math.Ceiling(_total * share);
        for (var step = 0; step < _counts.Length - 1 && _total > 0; step++)
        {
            left -= _counts[step];
            if (left <= 0)
                return TimeSpan.FromTicks(Math.Min(EndOf(step), Slowest.Ticks));
        }
        return Slowest;
    }

    // Ticks of 100 ns below 4 have a step each.
    private int StepOf(long ticks)
    {
        if (ticks < Steps)
            return (int)Math.Max(0, ticks);
        var power = BitOperations.Log2((ulong)ticks);
        return Math.Min(_counts.Length - 1, ((power - StepBits + 1) * Steps) + (int)((ticks >> (power - StepBits)) & (Steps - 1)));
    }

    private static long EndOf(int step)
    {
        if (step < Steps)
            return step;
        var width = (step / Steps) - 1;
        return ((long)(Steps + (step % Steps) + 1) << width) - 1;
    }
}
