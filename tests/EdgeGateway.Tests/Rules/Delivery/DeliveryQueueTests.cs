using EdgeGateway.Configuration;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Rules.Secrets;
using EdgeGateway.Tests.Storage.Log;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeGateway.Tests.Rules.Delivery;

/// <summary>A queue on a disk that is full.</summary>
public sealed class DeliveryQueueTests
{
    private const int Size = 200_000, Segment = 1 << 20;

    [Fact]
    public async Task Store_MoreAtOnceThanTheDiskHolds_EachIsStored_AndTheOldestGo()
    {
        var other = new OtherSide();
        await using var queue = Queue(new SimulatedLogFiles { CapacityBytes = 3 * Segment }, other);
        queue.Start();
        var stored = Enumerable.Range(0, 60).Select(i => Task.Run(() => StoreAsync(queue, $"key {i % 4}", i))).ToArray();
        await Task.WhenAll(stored).WaitAsync(TimeSpan.FromSeconds(60));
        var status = queue.Status;
        Assert.Equal(60, status.Waiting + status.Dropped);
        Assert.InRange(status.Waiting, 5, 15);
        other.IsUp = true;
        await RuleTestHost.UntilAsync(() => queue.Status.Waiting == 0);
        Assert.Equal(60, queue.Status.Delivered + queue.Status.Dropped);
        Assert.Equal(queue.Status.Delivered, other.Taken);
    }

    [Fact]
    public async Task Send_WithNoRoomForAMark_AllGoes_AndMakesRoom()
    {
        var other = new OtherSide();
        var disk = new SimulatedLogFiles();
        await using (var before = Queue(disk, other))
            for (var i = 0; i < 10; i++) // two segments, filled so far that not all marks fit
                await StoreAsync(before, "key", i, i is 4 or 9 ? Segment - (4 * Size) - 600 : Size);
        foreach (var spare in disk.List().Where(static name => !name.EndsWith(".log", StringComparison.Ordinal)).ToList())
            disk.Delete(spare);
        disk.CapacityBytes = 2 * Segment;
        await using var queue = Queue(disk, other);
        Assert.Equal((10, 2), (queue.Status.Waiting, disk.SegmentNames.Count()));
        other.IsUp = true;
        queue.Start();
        await RuleTestHost.UntilAsync(() => queue.Status.Waiting == 0);
        Assert.Equal((10L, 0L), (queue.Status.Delivered, queue.Status.Dropped));
        await StoreAsync(queue, "key", 10);
        await RuleTestHost.UntilAsync(() => queue.Status.Delivered == 11);
    }

    private static DeliveryQueue Queue(SimulatedLogFiles files, OtherSide other) => new(
        new("rule", "actions[0]", "HttpAction"), files, new() { Mode = DeliveryMode.Store }, _ => other, static (_, _, _, _, _) => Task.CompletedTask,
        new SecretBox(new GatewayOptions { Name = "pi", Account = "000000000000", Region = "edge", DataFolder = "unused" }), TimeProvider.System, NullLogger.Instance);

    // As a rule does: an action that finds no room is tried again.
    private static async Task StoreAsync(DeliveryQueue queue, string key, int number, int size = Size)
    {
        var item = new DeliveryItem(new Parcel("test", "other side", new byte[size]), "in", null, "trace", default, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), number, 0);
        while (await queue.StoreAsync(key, item, isSealed: false, isReplay: false) is { } failure)
        {
            Assert.True(failure.IsRecoverable, failure.Message);
            await Task.Yield();
        }
    }

    private sealed class OtherSide : IParcelSender
    {
        private int _taken;
        private volatile bool _isUp;

        public bool IsUp { set => _isUp = value; }

        public int Taken => _taken;

        public string Kind => "test";

        public Task<RuleActionFailure?> SendAsync(Parcel parcel, ParcelContext context, CancellationToken cancellationToken)
        {
            if (!_isUp)
                return Task.FromResult<RuleActionFailure?>(new("other side", "away", "Down", IsRecoverable: true));
            Interlocked.Increment(ref _taken);
            return Task.FromResult<RuleActionFailure?>(null);
        }
    }
}
