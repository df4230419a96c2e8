using System.Globalization;
using EdgeGateway.Storage.Log;
using EdgeGateway.Tests.Storage.Log;
using Xunit;

namespace EdgeGateway.Tests.Broker;

/// <summary>The broker's state from a log that was cut or damaged anywhere: what comes back is what was queued, in order, and damage is told.</summary>
public sealed class JournalCrashTests
{
    private const int Messages = 40;
    private static readonly string Payload = new('x', 60);
    private static readonly SegmentedLogOptions Small = new() { SegmentBytes = 16 << 10, MaxBatchBytes = 4096 };

    [Fact]
    public async Task Start_EveryPrefixOfTheLog_HasAPrefixOfTheQueue()
    {
        var disk = await FillAsync();
        var last = disk.SegmentNames.Last();
        var most = 0;
        for (var length = Segment.HeaderBytes; length < disk[last].Length; length += 7)
        {
            var cut = disk.Copy();
            cut[last].AsSpan(length).Clear();
            var queue = Queue(EngineHost.Start(cut, log: Small));
            Assert.Equal(Enumerable.Range(1, queue.Count), queue);
            Assert.True(queue.Count >= most, "a longer log has a longer queue");
            most = queue.Count;
        }
        Assert.Equal(Messages, most);
    }

    [Fact]
    public async Task Start_AnyBitFlipped_TellsOfDamageOrCutsTheTail_AndInventsNothing()
    {
        var disk = await FillAsync();
        var random = new Random(1);
        for (var round = 0; round < 400; round++)
        {
            var flipped = disk.Copy();
            var name = flipped.SegmentNames.ElementAt(random.Next(flipped.SegmentNames.Count()));
            flipped[name][random.Next(flipped[name].Length)] ^= (byte)(1 << random.Next(8));
            var host = EngineHost.Start(flipped, log: Small);
            var queue = Queue(host);
            Assert.Equal(queue.Order().Distinct(), queue);
            Assert.True(queue.Count == Messages || host.Damage.Count > 0 || queue.SequenceEqual(Enumerable.Range(1, queue.Count)), $"{Messages - queue.Count} messages are missing in the middle and nothing was told");
        }
    }

    [Fact]
    public async Task Start_PowerCutWhileFilling_HasWhatWasAcknowledged()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var host = EngineHost.Start(log: Small);
            var publisher = await PrepareAsync(host);
            var acknowledged = 0;
            for (ushort number = 1; number <= Messages; number++)
            {
                publisher.Send(MemoryPeer.Publish(Topic(number), Payload, 1, number));
                if (random.Next(3) == 0)
                    host.Commit();
                acknowledged += publisher.Take().Count(static packet => packet[0] == 0x40);
                if (random.Next(20) == 0)
                    break;
            }
            var queue = Queue(EngineHost.Start(host.Disk.Crash(random), log: Small));
            Assert.True(queue.Count >= acknowledged, $"seed {seed}: {acknowledged} were acknowledged, {queue.Count} came back");
            Assert.Equal(Enumerable.Range(1, queue.Count), queue);
        }
    }

    private static async Task<SimulatedLogFiles> FillAsync()
    {
        var host = EngineHost.Start(log: Small);
        var publisher = await PrepareAsync(host);
        for (ushort number = 1; number <= Messages; number++)
        {
            publisher.Send(MemoryPeer.Publish(Topic(number), Payload, 1, number));
            host.Commit();
        }
        Assert.Equal(Messages, publisher.Take().Count);
        return host.Disk.Copy();
    }

    // A subscriber that is away, and somebody who publishes to it.
    private static async Task<MemoryPeer> PrepareAsync(EngineHost host)
    {
        var (subscriber, _) = await MemoryPeer.OpenAsync(host, "away", clean: false, expirySeconds: 3600);
        subscriber.Send(MemoryPeer.Subscribe("q/#", 1));
        host.Commit();
        subscriber.Drop();
        host.Commit();
        return (await MemoryPeer.OpenAsync(host, "pub", clean: true, expirySeconds: 0)).Peer;
    }

    private static List<int> Queue(EngineHost host) => 
        host.Sessions.Find("away")?.Queue(Messages).Select(static entry => int.Parse(entry.Topic.AsSpan(2), CultureInfo.InvariantCulture)).ToList() ?? [];

    private static string Topic(int number) => string.Create(CultureInfo.InvariantCulture, $"q/{number}");
}
