using System.Globalization;
using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync;
using EdgeGateway.Sync.Store;
using EdgeGateway.Tests.Storage.Log;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Sync;

/// <summary>A week without the upstream, in virtual time, with a store that is too small for it.</summary>
public sealed class OutboxWeekTests : IDisposable
{
    private const int Seconds = 20, PayloadBytes = 300;
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegateway-test-").FullName;
    private readonly FakeTimeProvider _time = new(Start);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void DropOldest_TheForecastHolds_AndTheNewestStay()
    {
        using var outbox = Open(FullPolicy.DropOldest);
        var (forecast, full, stored) = OfflineWeek(outbox);

        Assert.NotNull(full);
        Assert.InRange(forecast!.Value / full.Value, 0.9, 1.1);
        var kept = Drain(outbox);
        Assert.Equal(stored, kept[^1]);
        Assert.Equal(Enumerable.Range(kept[0], kept.Count), kept);
        Assert.Equal(stored, kept.Count + outbox.Snapshot(draining: true).Dropped);
    }

    [Fact]
    public void DropNewest_TheOldestStay()
    {
        using var outbox = Open(FullPolicy.DropNewest);
        var (_, full, stored) = OfflineWeek(outbox);

        Assert.NotNull(full);
        var kept = Drain(outbox);
        Assert.Equal(Enumerable.Range(1, kept.Count), kept);
        Assert.Equal(stored, kept.Count + outbox.Snapshot(draining: true).Dropped);
    }

    [Fact]
    public void Thin_TheWholeWeekStays_CoarserWithAge()
    {
        using (var outbox = Open(FullPolicy.Thin))
            OfflineWeek(outbox);
        using var after = Open(FullPolicy.Thin); // the coarser logs are found again
        var kept = Drain(after);

        Assert.Equal(kept.Order().Distinct(), kept);
        Assert.InRange(kept[0], 1, 2); // the first hour is still there
        var gaps = kept.Zip(kept.Skip(1), static (a, b) => b - a).ToList();
        Assert.InRange(gaps.Max(), 2, 9);
        Assert.True(gaps.Take(500).Average() > 1.5, "old stretches are coarser");
        Assert.Equal(1, gaps.TakeLast(500).Max()); // and the last hours whole
    }

    [Fact]
    public void TryTake_OlderThanTheAge_IsDroppedAndCounted()
    {
        using var outbox = Open(FullPolicy.DropOldest, age: TimeSpan.FromDays(1));
        for (var n = 1; n <= 10; n++)
        {
            Store(outbox, n);
            _time.Advance(TimeSpan.FromHours(4));
        }

        Assert.Equal([5, 6, 7, 8, 9, 10], Drain(outbox));
        Assert.Equal(4, outbox.Snapshot(draining: true).Expired);
    }

    // Returns when the store would be full as told after a day, when it really was, both in seconds since the start, and how many were stored.
    private (double? Forecast, double? Full, int Stored) OfflineWeek(Outbox outbox)
    {
        (double? forecast, double? full) = (null, null);
        var n = 0;
        while (_time.GetUtcNow() - Start < TimeSpan.FromDays(7))
        {
            Store(outbox, ++n);
            _time.Advance(TimeSpan.FromSeconds(Seconds));
            SpinWait.SpinUntil(() => !outbox.IsThinning); // in real time the disk has these seconds
            if (n % 500 != 0)
                continue;
            var elapsed = (_time.GetUtcNow() - Start).TotalSeconds;
            var now = outbox.Snapshot(draining: false);
            if (forecast is null && elapsed > TimeSpan.FromDays(1).TotalSeconds)
                forecast = elapsed + now.FullIn!.Value.TotalSeconds;
            if (now.Dropped > 0)
                full ??= elapsed;
        }
        return (forecast, full, n);
    }

    private Outbox Open(FullPolicy full, TimeSpan? age = null)
    {
        var limits = new OutboxLimits(8 << 20, age ?? TimeSpan.FromDays(30)) { Full = [full, full, full] };
        var clock = new ArrivalClock(new SimulatedLogFiles(), _time, 1, () => true);
        return new(limits, [MessageClass.Normal], name => new DiskLogFiles(Path.Combine(_folder, name)), name => Directory.Exists(Path.Combine(_folder, name)), limits.Log(TimeSpan.Zero), clock, _time);
    }

    private void Store(Outbox outbox, int n) => outbox.Store(MessageClass.Normal, "sensors/room/telemetry"u8, new MessageView
    {
        Topic = "sensors/room/telemetry"u8,
        Payload = Encoding.UTF8.GetBytes(n.ToString(CultureInfo.InvariantCulture).PadRight(PayloadBytes)),
        ReceivedAt = _time.GetUtcNow().ToUnixTimeMilliseconds(),
        Origin = MessageOrigin.Client,
    });

    private static List<int> Drain(Outbox outbox)
    {
        foreach (var queue in outbox.Queues)
            SpinWait.SpinUntil(() => queue.Log.DurablePosition + 1 >= queue.Log.NextPosition, TimeSpan.FromSeconds(30));
        var numbers = new List<int>();
        while (outbox.TryTake(MessageClass.Low, out var message, out var record))
        {
            numbers.Add(int.Parse(OutboxRecord.PayloadOf(record).Span.TrimEnd((byte)' '), CultureInfo.InvariantCulture));
            outbox.Acknowledge(message);
        }
        return numbers;
    }
}
