using EdgeGateway.Sync.Store;
using EdgeGateway.Tests.Storage.Log;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Sync;

public sealed class DataBudgetTests
{
    private const int Budget = 10_000_000;
    private readonly FakeTimeProvider _time = new(new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero));
    private SimulatedLogFiles _files = new();

    [Fact]
    public void Spend_MonthUsedUp_RenewsOnTheFirst()
    {
        var budget = new DataBudget(_files, Budget, _time);
        budget.Spend(Budget - 1);
        Assert.False(budget.IsUsedUp);
        budget.Spend(1);
        Assert.True(budget.IsUsedUp);
        Assert.Equal(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero), budget.Renews);

        _time.SetUtcNow(budget.Renews);

        Assert.Equal((false, 0L), (budget.IsUsedUp, budget.Used));
    }

    [Fact]
    public void Used_AfterPowerCut_LacksAHundredthAtMost()
    {
        var budget = new DataBudget(_files, Budget, _time);
        for (var i = 0; i < 5000; i++)
            budget.Spend(1000);
        _files = _files.Crash(new Random(1));

        Assert.InRange(new DataBudget(_files, Budget, _time).Used, 4_900_000, 5_000_000);
    }

    [Fact]
    public void Used_ClockFallsBackAMonth_GivesNoSecondBudget()
    {
        var budget = new DataBudget(_files, Budget, _time);
        budget.Spend(Budget);
        budget.Dispose();

        var earlier = new FakeTimeProvider(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Assert.True(new DataBudget(_files, Budget, earlier).IsUsedUp);
    }

    [Fact]
    public void NoBudget_IsNeverUsedUpAndWritesNothing()
    {
        var budget = new DataBudget(_files, null, _time);
        budget.Spend(int.MaxValue);
        Assert.False(budget.IsUsedUp);
        Assert.Empty(_files.List());
    }
}
