using EdgeGateway.Rules.Delivery;
using Xunit;

namespace EdgeGateway.Tests.Rules.Delivery;

/// <summary>Whose turn it is, without disk and clock.</summary>
public sealed class DeliveryLanesTests
{
    private const long Now = 1_000_000;

    [Fact]
    public void Take_OneOfAKeyAtATime_InItsOrder()
    {
        var lanes = Lanes();
        Add(lanes, "a", 1);
        Add(lanes, "a", 2);
        var first = lanes.Take(Now, 100)!;
        Assert.Equal(1, first.Waiting.Peek().Position);
        Assert.Null(lanes.Take(Now, 100));
        lanes.Settled(first, wasTaken: true, Now);
        Assert.Equal(2, lanes.Take(Now, 100)!.Waiting.Peek().Position);
    }

    [Fact]
    public void Take_NotYetOnDisk_Waits()
    {
        var lanes = Lanes();
        Add(lanes, "a", 10);
        Assert.Null(lanes.Take(Now, durable: 9));
        Assert.NotNull(lanes.Take(Now, durable: 10));
    }

    [Fact]
    public void Take_LiveGoesBeforeBacklog_WhichIsNotStarved()
    {
        var lanes = Lanes(concurrency: 1000);
        for (var i = 0; i < 20; i++)
            lanes.Add($"old{i}", new(i, 1, 0), isBacklog: true);
        for (var i = 0; i < 20; i++)
            Add(lanes, $"new{i}", 100 + i);
        var taken = Enumerable.Range(0, 20).Select(_ => lanes.Take(Now, 1000)!.Key).ToList();
        Assert.Equal(2, taken.Count(static key => key.StartsWith("old", StringComparison.Ordinal))); // every eighth turn
    }

    [Fact]
    public void Failed_OfOneKey_HoldsUpThatKeyAlone()
    {
        var lanes = Lanes();
        Add(lanes, "poison", 1);
        Add(lanes, "poison", 2);
        for (var i = 0; i < 5; i++)
        {
            var lane = lanes.Take(Now + (i * 100_000), 100)!;
            Assert.Equal(("poison", 1L), (lane.Key, lane.Waiting.Peek().Position));
            lanes.Failed(lane, Now + (i * 100_000));
        }
        Assert.False(lanes.IsDown);
        Add(lanes, "good", 3);
        Assert.Equal("good", lanes.Take(Now + 400_001, 100)!.Key);
    }

    [Fact]
    public void Failed_OfSeveralKeys_IsAnOutage_ProbedOneByOne_UntilOneGetsThrough()
    {
        var lanes = Lanes();
        foreach (var key in (string[])["a", "b", "c"])
            Add(lanes, key, key[0]);
        var taken = Enumerable.Range(0, 3).Select(_ => lanes.Take(Now, 1000)!).ToList();
        foreach (var lane in taken)
            lanes.Failed(lane, Now);
        Assert.True(lanes.IsDown);
        Add(lanes, "d", 'd');
        Assert.Null(lanes.Take(Now, 1000)); // nobody before the probe
        var next = lanes.NextTime(Now)!.Value;
        Assert.InRange(next, Now + 1, Now + 400);
        var probe = lanes.Take(next, 1000)!;
        Assert.Null(lanes.Take(next, 1000)); // one at a time
        lanes.Settled(probe, wasTaken: true, next);
        Assert.False(lanes.IsDown);
        Assert.Equal(3, Enumerable.Range(0, 3).Count(_ => lanes.Take(next, 1000) is not null)); // all at once, without waiting for their own time
    }

    [Fact]
    public void DropBefore_LeavesWhatIsUnderWay_AndAKeyComesBack()
    {
        var lanes = Lanes();
        Add(lanes, "a", 1);
        Add(lanes, "b", 2);
        Add(lanes, "b", 20);
        var a = lanes.Take(Now, 100)!;
        Assert.Equal([2L], lanes.DropBefore(10));
        Assert.Equal(2, lanes.Count);
        lanes.DropBefore(30);
        Add(lanes, "b", 40);
        Assert.Equal(40, lanes.Take(Now, 100)!.Waiting.Peek().Position);
        Assert.Null(lanes.Take(Now, 100)); // b is not there twice
        lanes.Settled(a, wasTaken: true, Now);
        Assert.Equal(1, lanes.Count);
    }

    [Fact]
    public void DropBefore_DropsWhatWaitsBehindTheOneUnderWay_AndKeepsTheOrder()
    {
        var lanes = Lanes();
        foreach (var position in (long[])[1, 2, 3, 10, 11])
            Add(lanes, "a", position);
        var a = lanes.Take(Now, 100)!;
        Assert.Equal([2L, 3L], lanes.DropBefore(10));
        Assert.Equal([1L, 10L, 11L], a.Waiting.Select(static entry => entry.Position));
        lanes.Settled(a, wasTaken: true, Now);
        Assert.Equal(10, lanes.Take(Now, 100)!.Waiting.Peek().Position);
    }

    private static DeliveryLanes Lanes(int concurrency = 8) => new(concurrency, TimeSpan.Zero, static () => 0.5);

    private static void Add(DeliveryLanes lanes, string key, long position) => lanes.Add(key, new(position, 1, Now), isBacklog: false);
}
