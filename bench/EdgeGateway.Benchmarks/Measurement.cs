using System.Diagnostics;
using System.Globalization;

namespace EdgeGateway.Benchmarks;

/// <summary>
/// Time and bytes of one operation, the best of several rounds, with the load of the machine beside it. A time is compared only with
/// another of the same run; bytes are held by <see cref="Budget"/>.
/// </summary>
/// <param name="Operation">Its name in <c>budgets.json</c>.</param>
/// <param name="Nanoseconds">Of one operation.</param>
/// <param name="Bytes">Allocated by one operation on the measuring thread.</param>
internal sealed record Measurement(string Operation, double Nanoseconds, long Bytes)
{
    private const int Rounds = 10;

    public static Measurement Of(string operation, int operations, Action run)
    {
        run(); // compiles
        var (best, bytes) = (TimeSpan.MaxValue, long.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            run();
            var elapsed = Stopwatch.GetElapsedTime(start);
            bytes = Math.Min(bytes, (GC.GetAllocatedBytesForCurrentThread() - allocated) / operations);
            if (elapsed < best)
                best = elapsed;
        }
        return new(operation, best.TotalNanoseconds / operations, bytes);
    }

    /// <summary>Prints the figures and whether the budget holds.</summary>
    /// <returns>0 within the budget, 1 over it.</returns>
    public int Report()
    {
        var budget = Budget.BytesOf(Operation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Operation}: {Nanoseconds:0.0} ns, {Bytes} B (budget {budget} B); {Environment.ProcessorCount} processors, load {Load()}"));
        return Bytes <= budget ? 0 : 1;
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
