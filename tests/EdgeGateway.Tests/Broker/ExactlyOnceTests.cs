using EdgeGateway.Messaging;
using Xunit;

namespace EdgeGateway.Tests.Broker;

/// <summary>QoS 2 where the moment matters: between two records of the log, between a repetition and the commit of what it repeats.</summary>
public sealed class ExactlyOnceTests
{
    [Fact] // else a log that ends there takes the message back, its publisher sends it again, and it goes out twice
    public async Task WaitingMessage_WindowOpensBeforeItsExchangeIsInTheLog_DoesNotGoOutYet()
    {
        var host = EngineHost.Start(broker: "connectRate: 0, receiveMaximum: 1");
        var (subscriber, _) = await MemoryPeer.OpenAsync(host, "sub", clean: false, expirySeconds: 3600);
        subscriber.Send(MemoryPeer.Subscribe("q", 2));
        host.Commit();
        subscriber.Take();
        var (publisher, _) = await MemoryPeer.OpenAsync(host, "pub", clean: false, expirySeconds: 3600);
        publisher.Send(MemoryPeer.Publish("q", "first", 2, 1));
        host.Commit();
        var first = MemoryPeer.Read(Assert.Single(subscriber.Take()));
        subscriber.Send(MemoryPeer.Ack(0x50, first.Id));
        publisher.Send(MemoryPeer.Ack(0x62, 1));
        host.Commit();
        subscriber.Take();
        var early = new List<byte[]>();
        // A sink is called when the receivers have the message and its exchange is not yet in the log.
        using var between = host.Bus.Subscribe("q", new Between(() =>
        {
            subscriber.Send(MemoryPeer.Ack(0x70, first.Id));
            host.Commit();
            early.AddRange(subscriber.Take());
        }));
        publisher.Send(MemoryPeer.Publish("q", "second", 2, 2));
        Assert.Empty(early);
        host.Commit();
        Assert.Equal("second", MemoryPeer.Read(Assert.Single(subscriber.Take())).Payload);
    }

    [Fact]
    public async Task Repetition_OfWhatIsNotCommittedYet_IsAcknowledgedAfterTheCommit()
    {
        var host = EngineHost.Start();
        var (subscriber, _) = await MemoryPeer.OpenAsync(host, "sub", clean: false, expirySeconds: 3600);
        subscriber.Send(MemoryPeer.Subscribe("q", 2));
        host.Commit();
        var (publisher, _) = await MemoryPeer.OpenAsync(host, "pub", clean: false, expirySeconds: 3600);
        publisher.Send(MemoryPeer.Publish("q", "x", 2, 1));
        publisher.Drop();
        var (again, isPresent) = await MemoryPeer.OpenAsync(host, "pub", clean: false, expirySeconds: 0, commits: false);
        Assert.True(isPresent);
        again.Send(MemoryPeer.Publish("q", "x", 2, 1, duplicate: true));
        Assert.Empty(again.Take());
        host.Commit();
        Assert.Equal(0x50, Assert.Single(again.Take())[0]);
    }

    private sealed class Between(Action action) : IMessageSink
    {
        public DurabilityTicket OnMessage(in MessageView message)
        {
            action();
            return DurabilityTicket.None;
        }
    }
}
