namespace EdgeGateway.Benchmarks.Broker;

/// <summary>What one run of a scenario cost one broker.</summary>
/// <param name="Cost">Processor time of the broker in µs per delivered message; for idle connections, kB per connection.</param>
/// <param name="MedianMicroseconds">Latency, where the scenario measures it.</param>
internal sealed record Figures(double Cost, double PerSecond, double MedianMicroseconds, string Note)
{
    public static Figures Median(IReadOnlyList<Figures> all) => new(
        Middle(all.Select(static one => one.Cost)), Middle(all.Select(static one => one.PerSecond)), Middle(all.Select(static one => one.MedianMicroseconds)), all[^1].Note);

    private static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
