using EdgeGateway.Broker;
using EdgeGateway.Broker.Journal;
using EdgeGateway.Storage.Log;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Broker;

public sealed class WriteBudgetTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Over_FirstSeconds_IsWhatWasWrittenSoFar()
    {
        var budget = new WriteBudget(_time);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(new WriteRate(8_000_100, 2), budget.Over(Written(100, 2, zeros: 8_000_000)));
    }

    [Fact]
    public void Over_Hours_IsTheLastHour()
    {
        var budget = new WriteBudget(_time);
        for (var minute = 1; minute <= 180; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            var speed = minute <= 120 ? 1000 : 10; // a busy morning is over
            budget.Note(Written(minute <= 120 ? minute * 1000L : 120_000 + ((minute - 120) * speed), minute));
        }

        Assert.Equal(new WriteRate(600, 60), budget.Over(Written(120_600, 180)));
    }

    private static LogMetrics Written(long bytes, long commits, long zeros = 0) => new(0, bytes, commits, zeros, 1, 0);
}
