using System.Text;
using Console.Tests.Mqtt;
using EdgeGateway.Pages.Live;
using EdgeGateway.Pages.Mqtt;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Console.Tests.Live;

public sealed class LiveFeedTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);
    private readonly ScriptedBroker _broker = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Start_Accepted_SubscribesToWhatIsListenedFor()
    {
        await using var feed = Feed();
        using var readings = feed.Listen("sensors/+/telemetry", _ => { });
        using var same = feed.Listen("sensors/+/telemetry", _ => { });
        await ConnectAsync(feed);
        Assert.Equal(MqttFrameWriter.Subscribe(2, ["sensors/+/telemetry"]), await _broker.ReceiveAsync());
        Assert.Equal(LiveState.Live, feed.State);
    }

    [Fact]
    public async Task Publish_Arrives_GoesToThoseWhoseFilterMatches()
    {
        await using var feed = Feed();
        var heard = new TaskCompletionSource<LiveMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var other = feed.Listen("doors/#", _ => Assert.Fail("not its filter"));
        using var readings = feed.Listen("sensors/+/telemetry", message => heard.TrySetResult(message));
        await ConnectAsync(feed);
        _broker.Send(Publish("sensors/tank/telemetry", "{}"));
        Assert.Equal("sensors/tank/telemetry", (await heard.Task.WaitAsync(Generous)).Topic);
    }

    [Fact]
    public async Task Listen_WhileLive_SubscribesAndLeavesAgain()
    {
        await using var feed = Feed();
        await ConnectAsync(feed);
        var listening = feed.Listen("a/#", _ => { });
        Assert.Equal(MqttFrameWriter.Subscribe(1, ["a/#"]), await _broker.ReceiveAsync());
        listening.Dispose();
        Assert.Equal(MqttFrameWriter.Unsubscribe(2, "a/#"), await _broker.ReceiveAsync());
    }

    [Fact]
    public async Task Connection_Lost_IsMadeAgainAndSubscribedAgain()
    {
        await using var feed = Feed();
        using var readings = feed.Listen("a", _ => { });
        await ConnectAsync(feed);
        await _broker.ReceiveAsync();
        var waiting = Becomes(feed, LiveState.Waiting);
        _broker.Close();
        await waiting;
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromMilliseconds(500), feed.NextAttempt);
        var live = Becomes(feed, LiveState.Live);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await _broker.ReceiveAsync();                                           // CONNECT
        _broker.Send(ScriptedBroker.Accepted);
        await live;
        Assert.Equal(MqttFrameWriter.Subscribe(3, ["a"]), await _broker.ReceiveAsync());
    }

    [Fact]
    public async Task Gateway_Away_IsTriedAtLongerIntervals()
    {
        _broker.IsAway = true;
        await using var feed = Feed();
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var waiting = Becomes(feed, LiveState.Waiting);
            if (attempt == 0)
                feed.Start();
            else
                _time.Advance(TimeSpan.FromMilliseconds(500 << (attempt - 1)));
            await waiting;
        }
        Assert.Equal(4, _broker.Dials);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(4), feed.NextAttempt);
        Assert.Equal("no answer", feed.LastFault);
    }

    [Fact]
    public async Task Connect_Refused_SaysSo()
    {
        await using var feed = Feed();
        var waiting = Becomes(feed, LiveState.Waiting);
        feed.Start();
        await _broker.ReceiveAsync();
        _broker.Send([0x20, 2, 0, 5]);                                          // not authorized (MQTT 3.1.1 Table 3.1)
        await waiting;
        Assert.Equal("the gateway does not let this page read messages", feed.LastFault);
    }

    [Fact]
    public async Task Gateway_Silent_IsGivenUp()
    {
        await using var feed = Feed();
        await ConnectAsync(feed);
        var waiting = Becomes(feed, LiveState.Waiting);
        _time.Advance(TimeSpan.FromSeconds(30));
        await waiting;
        Assert.Equal("no answer from the gateway", feed.LastFault);
    }

    [Fact]
    public async Task Connection_Quiet_IsKeptAliveByPings()
    {
        await using var feed = Feed();
        await ConnectAsync(feed);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(MqttFrameWriter.PingReq, await _broker.ReceiveAsync());
    }

    private LiveFeed Feed() => new(_broker, _time, new Backoff(() => 0));

    private async Task ConnectAsync(LiveFeed feed)
    {
        var live = Becomes(feed, LiveState.Live);
        feed.Start();
        var connect = await _broker.ReceiveAsync();
        Assert.Equal(0x10, connect[0]);
        _broker.Send(ScriptedBroker.Accepted);
        await live;
    }

    private static Task Becomes(LiveFeed feed, LiveState state)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        feed.Changed += () =>
        {
            if (feed.State == state)
                reached.TrySetResult();
        };
        return reached.Task.WaitAsync(Generous);
    }

    private static byte[] Publish(string topic, string payload)
    {
        byte[] body = [0, (byte)topic.Length, .. Encoding.UTF8.GetBytes(topic), .. Encoding.UTF8.GetBytes(payload)];
        return [0x30, (byte)body.Length, .. body];
    }
}
