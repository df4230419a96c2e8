using Xunit;

namespace EdgeGateway.Tests;

public sealed class AllocationsTests
{
    private object? _kept;

    [Fact]
    public void Least_AllocatesEveryRound_IsSeen() =>
        Assert.InRange(Allocations.Least(() => _kept = new byte[100]), 100, 200);

    [Fact]
    public void Least_AllocatesOnceOnly_IsNothing()
    {
        var rounds = 0;

        Assert.Equal(0, Allocations.Least(() => _kept = rounds++ == 1 ? new byte[3000] : null));
    }

    [Fact]
    public void Least_AllocatesBetweenRounds_IsNothing() =>
        Assert.Equal(0, Allocations.Least(static () => { }, () => _kept = new byte[100]));
}
