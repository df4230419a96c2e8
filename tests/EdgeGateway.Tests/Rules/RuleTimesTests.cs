using EdgeGateway.Rules;
using Xunit;

namespace EdgeGateway.Tests.Rules;

/// <summary>Percentiles of evaluation times.</summary>
public sealed class RuleTimesTests
{
    [Fact]
    public void Percentile_OfNothing_IsZero() => Assert.Equal(TimeSpan.Zero, new RuleTimes().Percentile(0.99));

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.99)]
    [InlineData(1)]
    public void Percentile_AgainstTheSortedTimes_IsAtMostAQuarterTooHigh(double share)
    {
        var random = new Random(7);
        var all = Enumerable.Range(0, 10_000).Select(_ => (long)Math.Exp(random.NextDouble() * 20)).ToArray();
        var times = new RuleTimes();
        foreach (var ticks in all)
            times.Add(TimeSpan.FromTicks(ticks));
        Array.Sort(all);
        var exact = all[(int)Math.Ceiling(all.Length * share) - 1];
        Assert.InRange(times.Percentile(share).Ticks, exact, exact * 5 / 4);
    }

    [Fact]
    public void Percentile_OfTimesBeyondTheScale_IsTheSlowest()
    {
        var times = new RuleTimes();
        times.Add(TimeSpan.FromDays(1));
        times.Add(TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, times.Percentile(0.5));
        Assert.Equal(TimeSpan.FromDays(1), times.Percentile(0.99));
    }
}
