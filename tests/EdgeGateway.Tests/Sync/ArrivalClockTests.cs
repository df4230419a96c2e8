using EdgeGateway.Sync.Store;
using EdgeGateway.Tests.Storage.Log;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Sync;

/// <summary>A machine without a clock chip: when did a message come that was stored before anybody knew the time?</summary>
public sealed class ArrivalClockTests
{
    private static readonly DateTimeOffset Wrong = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Right = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    private SimulatedLogFiles _files = new();

    [Fact]
    public void ArrivedAt_ClockSetAfterwards_IsCorrected()
    {
        var (time, isSet) = (new SteppingTime(Wrong), false);
        var clock = new ArrivalClock(_files, time, boot: 7, () => isSet);
        var early = clock.Stamp(time.UnixNow);
        Assert.Null(clock.ArrivedAt(early));

        time.Advance(TimeSpan.FromMinutes(10));
        time.Set(Right);
        isSet = true;
        clock.Observe();
        var late = clock.Stamp(time.UnixNow);

        Assert.Equal((Right - TimeSpan.FromMinutes(10)).ToUnixTimeMilliseconds(), clock.ArrivedAt(early));
        Assert.Equal(Right.ToUnixTimeMilliseconds(), clock.ArrivedAt(late));
    }

    [Fact]
    public void ArrivedAt_ProgramStartedAgainInTheSameBoot_IsCorrectedToo()
    {
        var time = new SteppingTime(Wrong);
        MessageStamp early;
        using (var first = new ArrivalClock(_files, time, boot: 7, () => false))
            early = first.Stamp(time.UnixNow);
        _files = _files.Crash(new Random(1));
        time.Advance(TimeSpan.FromSeconds(30));
        time.Set(Right);

        var second = new ArrivalClock(_files, time, boot: 7, () => true);

        Assert.Equal((Right - TimeSpan.FromSeconds(30)).ToUnixTimeMilliseconds(), second.ArrivedAt(early));
    }

    [Fact]
    public void ArrivedAt_AfterTheNextBoot_IsKnownWhereThatBootLearntTheTime()
    {
        var (time, isSet) = (new SteppingTime(Wrong), false);
        var first = new ArrivalClock(_files, time, boot: 7, () => isSet);
        var early = first.Stamp(time.UnixNow);
        time.Set(Right);
        isSet = true;
        first.Observe();
        _files = _files.Crash(new Random(2));

        var after = new ArrivalClock(_files, new SteppingTime(Right + TimeSpan.FromDays(1)), boot: 8, () => true);
        var never = after.Stamp(0) with { Boot = 9, Trusted = false };

        Assert.Equal(Right.ToUnixTimeMilliseconds(), after.ArrivedAt(early));
        Assert.Null(after.ArrivedAt(never));
    }

    [Fact]
    public void Observe_ManyBoots_RemembersTheLast()
    {
        for (var boot = 1; boot <= 100; boot++)
            new ArrivalClock(_files, new SteppingTime(Right), boot, () => true).Dispose();

        var clock = new ArrivalClock(_files, new SteppingTime(Right), boot: 101, () => true);

        Assert.NotNull(clock.ArrivedAt(new(0, 0, 100, Trusted: false)));
        Assert.Null(clock.ArrivedAt(new(0, 0, 1, Trusted: false)));
    }

    /// <summary>A wall clock that can be set while the uptime goes on.</summary>
    private sealed class SteppingTime(DateTimeOffset start) : FakeTimeProvider(start)
    {
        private TimeSpan _step;

        public long UnixNow => GetUtcNow().ToUnixTimeMilliseconds();

        public void Set(DateTimeOffset to) => _step = to - base.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _step;

        public override long GetTimestamp() => base.GetUtcNow().Ticks; // else it would follow the steps
    }
}
