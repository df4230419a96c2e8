using System.Text;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync;
using EdgeGateway.Sync.Store;
using EdgeGateway.Sync.Uplink;
using EdgeGateway.Tests.Storage.Log;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Xunit;

namespace EdgeGateway.Tests.Sync;

/// <summary>What a session does with an upstream that refuses, has no quota, says nothing, or takes only a few at once.</summary>
public sealed class UplinkSessionTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegateway-test-").FullName;
    private readonly FakeTimeProvider _time = new(new(2026, 11, 26, 0, 0, 0, TimeSpan.Zero));
    private readonly Outbox _outbox;
    private readonly ParkedMessages _parked;

    public UplinkSessionTests()
    {
        var clock = new ArrivalClock(new SimulatedLogFiles(), _time, 1, static () => true);
        var limits = new OutboxLimits(8 << 20, TimeSpan.FromDays(30));
        _outbox = new(limits, [MessageClass.Normal], name => new DiskLogFiles(Path.Combine(_folder, name)), static _ => false, limits.Log(TimeSpan.Zero), clock, _time);
        _parked = new(new DiskLogFiles(Path.Combine(_folder, "parked")), 256 << 10);
    }

    public void Dispose()
    {
        _outbox.Dispose();
        _parked.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Refused_ThreeTimes_IsParkedWithItsReasonAndHoldsUpNothing()
    {
        Store("a", "forbidden", "b");
        var link = new Upstream(packet => packet.Topic == "forbidden" ? MqttPubAckReasonCode.NotAuthorized : MqttPubAckReasonCode.Success);
        using var stop = new CancellationTokenSource();
        var running = Session(link).RunAsync(stop.Token);
        await UntilAsync(() => _outbox.Snapshot(draining: true).Messages == 0);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal(3, link.Sent.Count(static packet => packet.Topic == "forbidden"));
        Assert.Equal(["a", "b"], link.Sent.Where(static packet => packet.Topic != "forbidden").Select(static packet => packet.Topic));
        var parked = Assert.Single(_parked.Newest(10));
        Assert.Equal(("forbidden", "refused by the upstream: NotAuthorized (policy says no)"), (parked.Topic, parked.Reason));
    }

    [Fact]
    public async Task Quota_EndsTheSessionAndKeepsAll()
    {
        Store("a", "b");
        var fault = await Session(new Upstream(static _ => MqttPubAckReasonCode.QuotaExceeded)).RunAsync(CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(UpstreamState.Quota, fault.State);
        Assert.Equal(2, _outbox.Snapshot(draining: true).Messages);
    }

    [Fact]
    public async Task NothingAcknowledged_IsStalledAfterTheTime()
    {
        Store("a");
        var link = new Upstream(static _ => null);
        var running = Session(link).RunAsync(CancellationToken.None);
        await UntilAsync(() => !link.Sent.IsEmpty);
        await UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return running.IsCompleted;
        });

        var fault = await running;
        Assert.Equal((UpstreamState.Stalled, "the upstream acknowledged nothing for 30 s"), (fault.State, fault.What));
        Assert.Equal(1, _outbox.Snapshot(draining: true).Messages);
    }

    [Fact]
    public async Task ReceiveMaximum_IsNeverExceeded()
    {
        Store([.. Enumerable.Range(1, 40).Select(static n => $"t/{n}")]);
        var held = new Upstream(static _ => null);
        using var stop = new CancellationTokenSource();
        var running = Session(held, receiveMaximum: 7).RunAsync(stop.Token);
        await UntilAsync(() => held.Sent.Count >= 7);
        for (var answered = 0; answered < 40; answered++)
        {
            var sent = answered + 7 < 40 ? answered + 7 : 40;
            await UntilAsync(() => held.Sent.Count >= sent);
            Assert.Equal(sent, held.Sent.Count);
            held.Answer(held.Sent.ElementAt(answered), MqttPubAckReasonCode.Success);
        }
        await UntilAsync(() => _outbox.Snapshot(draining: true).Messages == 0);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Equal(Enumerable.Range(1, 40).Select(static n => $"t/{n}"), held.Sent.Select(static packet => packet.Topic));
    }

    [Fact]
    public async Task TooLarge_IsParkedWithoutBeingSent()
    {
        Store("a", "b");
        var link = new Upstream(static _ => MqttPubAckReasonCode.Success);
        using var stop = new CancellationTokenSource();
        var running = Session(link, maximumPacketBytes: 10).RunAsync(stop.Token);
        await UntilAsync(() => _outbox.Snapshot(draining: true).Messages == 0);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        Assert.Empty(link.Sent);
        var reason = "larger than the 10 bytes the upstream takes";
        Assert.Equal([("a", reason), ("b", reason)], _parked.Newest(10).Select(static parked => (parked.Topic, parked.Reason)));
    }

    [Fact]
    public void Bandwidth_OnAverage_IsWhatIsAllowed()
    {
        var cap = new BandwidthCap(80_000, _time); // 10 kB a second
        var sent = 0;
        for (var millisecond = 0; millisecond < 10_000; millisecond++)
        {
            for (; cap.MaySend; sent += 500)
                cap.Spend(500);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
        Assert.InRange(sent, 100_000, 111_000); // ten seconds' worth and the one that may go at once
    }

    private UplinkSession Session(IUplink link, int receiveMaximum = 100, long maximumPacketBytes = long.MaxValue)
    {
        var tree = ConfigurationTree.Load(null, new Dictionary<string, string>(), ["upstream.0.name=plant", "upstream.0.endpoint=mqtt://plant", "upstream.0.up.0.filter=#"], null);
        var options = UpstreamOptions.Read(tree.Root.Items("upstream")[0]);
        var parts = new UplinkParts(options, "pi", _outbox, _parked, new DataBudget(new SimulatedLogFiles(), null, _time), new Refusals(_time), new UpstreamBoard(_time), new NoBus(), _time);
        return new(parts, link, new UplinkTerms(receiveMaximum, maximumPacketBytes, true, TimeSpan.FromHours(1)), 256);
    }

    private void Store(params string[] topics)
    {
        foreach (var topic in topics)
            _outbox.Store(MessageClass.Normal, Encoding.UTF8.GetBytes(topic), new MessageView { Topic = "t"u8, Payload = "1"u8, ReceivedAt = _time.GetUtcNow().ToUnixTimeMilliseconds(), Origin = MessageOrigin.Client });
        foreach (var queue in _outbox.Queues)
            SpinWait.SpinUntil(() => queue.Log.DurablePosition + 1 >= queue.Log.NextPosition, Patience);
    }

    // Retries wait for time to pass: it does.
    private async Task UntilAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!holds())
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Answers each publish at once, or keeps silent where the answer is null.</summary>
    private sealed class Upstream(Func<MqttPublishPacket, MqttPubAckReasonCode?> answer) : IUplink
    {
        private readonly System.Threading.Channels.Channel<MqttPacket> _answers = System.Threading.Channels.Channel.CreateUnbounded<MqttPacket>();

        public System.Collections.Concurrent.ConcurrentQueue<MqttPublishPacket> Sent { get; } = new();

        public Task<UplinkTerms> ConnectAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public bool HasNewCredentials() => false;

        public Task<UpstreamFault?> TryCredentialsAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task SendAsync(MqttPacket packet, CancellationToken cancellationToken)
        {
            if (packet is not MqttPublishPacket publish)
                return Task.CompletedTask;
            var sent = new MqttPublishPacket { Topic = publish.Topic, PacketIdentifier = publish.PacketIdentifier };
            Sent.Enqueue(sent);
            if (answer(sent) is { } code)
                Answer(sent, code);
            return Task.CompletedTask;
        }

        public void Answer(MqttPublishPacket packet, MqttPubAckReasonCode code) =>
            _answers.Writer.TryWrite(new MqttPubAckPacket { PacketIdentifier = packet.PacketIdentifier, ReasonCode = code, ReasonString = code == MqttPubAckReasonCode.NotAuthorized ? "policy says no" : null });

        public async Task<MqttPacket?> ReceiveAsync(CancellationToken cancellationToken) => await _answers.Reader.ReadAsync(cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
