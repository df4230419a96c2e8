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
    private const int Turns = 25;

    public static Measurement Of(string operation, int operations, Action run, int rounds = Rounds)
    {
        if (rounds > 1)
            run(); // compiles
        var (best, bytes) = (TimeSpan.MaxValue, long.MaxValue);
        for (var round = 0; round < rounds; round++)
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

    /// <summary>Two operations measured in turns, so that what else the machine does counts for both alike.</summary>
    /// <returns>Both at their best, and the median of the ratios of the rounds.</returns>
    public static (Measurement Measured, Measurement Peer, double Ratio) Pair((string Operation, Action Run) measured, (string Operation, Action Run) peer, int operations)
    {
        measured.Run();
        peer.Run(); // both compile
        var ratios = new List<double>();
        var (best, bestPeer) = (Of(measured.Operation, operations, measured.Run, rounds: 1), Of(peer.Operation, operations, peer.Run, rounds: 1));
        for (var round = 0; round < Turns; round++)
        {
            var (one, other) = (Of(measured.Operation, operations, measured.Run, rounds: 1), Of(peer.Operation, operations, peer.Run, rounds: 1));
            ratios.Add(one.Nanoseconds / other.Nanoseconds);
            best = best with { Nanoseconds = Math.Min(best.Nanoseconds, one.Nanoseconds), Bytes = Math.Min(best.Bytes, one.Bytes) };
            bestPeer = bestPeer with { Nanoseconds = Math.Min(bestPeer.Nanoseconds, other.Nanoseconds), Bytes = Math.Min(bestPeer.Bytes, other.Bytes) };
        }
        ratios.Sort();
        return (best, bestPeer, ratios[ratios.Count / 2]);
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

    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
