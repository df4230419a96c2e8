using System.Globalization;
using EdgeGateway.Messaging;
using Xunit;

namespace EdgeGateway.Tests.Broker;

/// <summary>Promises of a session to the disk, the memory and the policies.</summary>
public sealed class SessionTests
{
    [Theory]
    [InlineData("sync", false, true)]
    [InlineData("lazy", true, true)]
    [InlineData("memory", true, false)]
    public async Task Publish_DurabilityOfTheTopic_DecidesWhatWaitsAndWhatSurvives(string @class, bool isAcknowledgedAtOnce, bool survives)
    {
        var host = EngineHost.Start(broker: $"connectRate: 0, durability: [ {{ filter: 'q/#', class: {@class} }} ]");
        await AwayAsync(host, "q/#");
        var (publisher, _) = await MemoryPeer.OpenAsync(host, "pub", clean: true, expirySeconds: 0);
        publisher.Send(MemoryPeer.Publish("q/a", "x", 1, 1));
        Assert.Equal(isAcknowledgedAtOnce, publisher.Take().Count == 1);
        host.Commit();
        Assert.Equal(!isAcknowledgedAtOnce, publisher.Take().Count == 1);
        var again = EngineHost.Start(host.Disk.Crash(new(1)), host.Time);
        Assert.Equal(survives ? 1 : 0, again.Sessions.Find("away")!.Queue(10).Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)] // what a checkpoint copies of an exchange is not taken for one that is still open
    public async Task Queue_LargerThanMemory_IsReadBackFromTheLog(int publishedQos)
    {
        var host = EngineHost.Start(broker: "connectRate: 0, maxQueuedBytesTotal: 1MB", log: new() { SegmentBytes = 1 << 20 });
        await AwayAsync(host, "q");
        var (publisher, _) = await MemoryPeer.OpenAsync(host, "pub", clean: true, expirySeconds: 3600);
        for (ushort number = 1; number <= 50; number++)
        {
            publisher.Send(MemoryPeer.Publish("q", number.ToString("00", CultureInfo.InvariantCulture) + new string('x', 100_000), publishedQos, number));
            host.Commit();
        }
        Assert.InRange(host.Router.WaitingBytes, 1, 1_200_000);
        host.Journal.Checkpoint(host.Sessions, host.Router.Retained); // moves what lies in the log alone
        host.Commit();
        host = EngineHost.Start(host.Disk.Crash(new(2)), host.Time, broker: "connectRate: 0, maxQueuedBytesTotal: 1MB", log: new() { SegmentBytes = 1 << 20 });
        Assert.InRange(host.Router.WaitingBytes, 1, 1_200_000);
        var (back, isPresent) = await OpenBackAsync(host);
        Assert.True(isPresent);
        var received = new List<int>();
        for (var round = 0; round < 200 && received.Count < 50; round++)
        {
            foreach (var packet in back.Take().Where(static packet => packet[0] >> 4 == 3))
            {
                var (_, payload, _, id) = MemoryPeer.Read(packet);
                received.Add(int.Parse(payload.AsSpan(0, 2), CultureInfo.InvariantCulture));
                back.Send(MemoryPeer.Ack(0x40, id));
            }
            host.Commit();
        }
        Assert.Equal(Enumerable.Range(1, 50), received);
        Assert.Equal(0, host.Router.WaitingBytes);
    }

    [Fact]
    public async Task Publish_DiskFull_IsRefusedWith0x97_OthersGoOn_AndItRecovers()
    {
        var host = EngineHost.Start(log: new() { SegmentBytes = 8 << 10, MaxBatchBytes = 2048, MaxBytes = 16 << 10, MaxSpares = 0 });
        await AwayAsync(host, "q");
        var (watcher, _) = await MemoryPeer.OpenAsync(host, "watch", clean: true, expirySeconds: 0);
        watcher.Send(MemoryPeer.Subscribe("live", 1));
        watcher.Take();
        var (publisher, _) = await MemoryPeer.OpenAsync(host, "pub", clean: true, expirySeconds: 0);
        var codes = new List<byte>();
        for (ushort number = 1; number <= 100; number++)
        {
            publisher.Send(MemoryPeer.Publish("q", new string('x', 500), 1, number));
            host.Commit();
            codes.AddRange(publisher.Take().Select(static packet => packet.Length > 4 ? packet[4] : (byte)0));
        }
        Assert.Contains((byte)0, codes);
        Assert.Contains((byte)0x97, codes);
        publisher.Send(MemoryPeer.Publish("live", "still here", 1, 200));
        Assert.Contains(watcher.Take(), static packet => packet[0] >> 4 == 3);
        Assert.Equal(MemoryPeer.Ack(0x40, 200), publisher.Take().Last());

        var burst = new EdgeGateway.Broker.DeliveryBurst();
        Assert.True(host.Sessions.Delete("away", burst)); // room again, once the log is tidied
        host.Log.TrimTo(host.Log.NextPosition);
        host.Commit();
        await AwayAsync(host, "q");
        publisher.Send(MemoryPeer.Publish("q", "x", 1, 201));
        host.Commit();
        Assert.Equal(MemoryPeer.Ack(0x40, 201), publisher.Take().Last());
    }

    [Fact] // [MQTT-3.2.0-1]: CONNACK is the first packet, whatever is published meanwhile
    public async Task Connect_OfABusySession_IsAnsweredBeforeAnyMessage()
    {
        var host = EngineHost.Start();
        await AwayAsync(host, "q");
        var (publisher, _) = await MemoryPeer.OpenAsync(host, "pub", clean: true, expirySeconds: 0);
        var back = new MemoryPeer(host);
        back.Send(MemoryPeer.Packet(0x10, [.. MemoryPeer.Text("MQTT"), 5, 0, 0, 0, 5, 0x11, 0, 0, 0x0E, 0x10, .. MemoryPeer.Text("away")]));
        Assert.True(back.IsOpening); // its record is not on the disk yet
        publisher.Send(MemoryPeer.Publish("q", "x", 1, 1));
        Assert.Empty(back.Take());
        host.Commit();
        await back.OpenedAsync();
        Assert.Equal([0x20, 0x30], [.. back.Take().Select(static packet => (byte)(packet[0] & 0xF0))]);
    }

    [Fact] // between the look-up of the subscribers and the storing of the message: one of the two must reach it
    public async Task Subscribe_WhileARetainedMessageIsOnItsWay_GetsIt()
    {
        var host = EngineHost.Start();
        var route = host.Router.RouteOf("q"u8);
        var (late, _) = await MemoryPeer.OpenAsync(host, "late", clean: true, expirySeconds: 0);
        late.Send(MemoryPeer.Subscribe("q", 0));
        host.Commit();
        Assert.DoesNotContain(late.Take(), static packet => packet[0] >> 4 == 3);
        var burst = new EdgeGateway.Broker.DeliveryBurst();
        host.Router.Route(new() { Topic = "q"u8, Payload = "x"u8, Retain = true, Origin = MessageOrigin.Broker }, route, publisher: null, burst);
        burst.End(host.Router.Metrics);
        host.Commit();
        Assert.Equal("x", MemoryPeer.Read(Assert.Single(late.Take(), static packet => packet[0] >> 4 == 3)).Payload);
    }

    [Fact] // else a message held back for a commit that came meanwhile would wait for the next one
    public async Task Wait_ForWhatIsDurableAlready_MakesALookDue()
    {
        var host = EngineHost.Start();
        await AwayAsync(host, "q");
        var looks = 0;
        host.Router.Gate.Schedule = _ => looks++;
        host.Router.Gate.Wait(host.Sessions.Find("away")!, default);
        Assert.Equal(1, looks);
    }

    [Theory]
    [InlineData("drop-oldest", "4,5", 0)]
    [InlineData("drop-newest", "1,2", 0)]
    [InlineData("refuse", "1,2", 0x97)]
    public async Task Queue_Full_DropsAsConfigured_AndTellsWhomItShould(string policy, string kept, int code)
    {
        var host = EngineHost.Start(broker: $"connectRate: 0, maxQueuedMessages: 2, whenFull: {policy}");
        await AwayAsync(host, "q");
        foreach (var qos in new[] { 1, 2 })
        {
            var (publisher, _) = await MemoryPeer.OpenAsync(host, "pub", clean: true, expirySeconds: 0);
            for (ushort number = 1; number <= 5; number++)
                publisher.Send(MemoryPeer.Publish("q", number.ToString(CultureInfo.InvariantCulture), qos, number));
            host.Commit();
            var codes = publisher.Take().Select(static packet => packet.Length > 4 ? packet[4] : 0).ToArray();
            Assert.Equal(5, codes.Length);
            Assert.Equal(code == 0 ? 0 : qos == 1 ? 3 : 5, codes.Count(one => one == code && code != 0)); // at the second round it is full from the start
            publisher.Drop();
        }
        Assert.Equal(8, host.Sessions.Find("away")!.View().Dropped);
        host.Commit();
        host = EngineHost.Start(host.Disk.Crash(new(4)), host.Time);
        var (back, _) = await OpenBackAsync(host);
        Assert.Equal(kept, string.Join(',', back.Take().Where(static packet => packet[0] >> 4 == 3).Select(static packet => MemoryPeer.Read(packet).Payload)));
    }

    [Fact]
    public async Task DrainRate_PacesWhatWaited_NotWhatComesLater()
    {
        var host = EngineHost.Start(broker: "connectRate: 0, drainRate: 3");
        await AwayAsync(host, "q");
        var (publisher, _) = await MemoryPeer.OpenAsync(host, "pub", clean: true, expirySeconds: 0);
        for (ushort number = 1; number <= 7; number++)
            publisher.Send(MemoryPeer.Publish("q", number.ToString(CultureInfo.InvariantCulture), 1, number));
        host.Commit();
        var (back, _) = await OpenBackAsync(host);
        var rounds = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            var got = new List<string>();
            while (back.Take() is { Count: > 0 } packets)
                foreach (var packet in packets.Where(static packet => packet[0] >> 4 == 3))
                {
                    var (_, payload, _, id) = MemoryPeer.Read(packet);
                    got.Add(payload);
                    back.Send(MemoryPeer.Ack(0x40, id));
                }
            rounds.Add(string.Join(',', got));
            if (round == 2)
                for (ushort number = 8; number <= 12; number++)
                    publisher.Send(MemoryPeer.Publish("q", number.ToString(CultureInfo.InvariantCulture), 1, number));
            host.Commit();
            host.Tick();
        }
        Assert.Equal(["1,2,3", "4,5,6", "7", "8,9,10,11,12"], rounds);
    }

    [Fact]
    public async Task PolicyChange_EndsSubscriptionsThatItNoLongerAllows()
    {
        var host = EngineHost.Start();
        var (client, _) = await MemoryPeer.OpenAsync(host, "client", clean: true, expirySeconds: 0);
        client.Send(MemoryPeer.Subscribe("secret/#", 0));
        client.Send(MemoryPeer.Subscribe("open/#", 0));
        ((OpenDoor)host.Context.Authorizer).Deny("secret/");
        Assert.Equal(["secret/#"], host.Sessions.Find("client")!.Recheck(host.Router.Index, new()));
        Assert.Equal(["open/#"], host.Sessions.Find("client")!.View().Subscriptions.Select(static entry => entry.Filter));
    }

    [Fact]
    public async Task ConnectionNumbers_GoOnAfterARestart()
    {
        var host = EngineHost.Start();
        for (var i = 0; i < 3; i++)
            (await MemoryPeer.OpenAsync(host, "c", clean: true, expirySeconds: 0)).Peer.Drop();
        host.Commit();
        var again = EngineHost.Start(host.Disk.Crash(new(3)), host.Time);
        Assert.Equal(3, again.Sessions.NextConnectionNumber("c"));
    }

    private static async Task AwayAsync(EngineHost host, string filter)
    {
        var (subscriber, _) = await MemoryPeer.OpenAsync(host, "away", clean: false, expirySeconds: 3600);
        subscriber.Send(MemoryPeer.Subscribe(filter, 1));
        host.Commit();
        subscriber.Drop();
        host.Commit();
    }

    private static async Task<(MemoryPeer Peer, bool IsPresent)> OpenBackAsync(EngineHost host)
    {
        var peer = new MemoryPeer(host);
        peer.Send(MemoryPeer.Packet(0x10, [.. MemoryPeer.Text("MQTT"), 5, 0, 0, 0, 8, 0x11, 0, 0, 0x0E, 0x10, 0x21, 0, 5, .. MemoryPeer.Text("away")]));
        host.Commit();
        await peer.OpenedAsync();
        return (peer, peer.TakeOne()[2] == 1);
    }
}
