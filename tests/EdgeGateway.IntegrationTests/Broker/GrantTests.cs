using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using EdgeGateway.Identity;
using EdgeGateway.Messaging;

namespace EdgeGateway.IntegrationTests.Broker;

/// <summary>What a custom authorizer granted ends or is refreshed on the live connection (AWS guide: Custom authentication).</summary>
public sealed class GrantTests
{
    [Fact]
    public async Task DisconnectAfter_Over_ClosedAndToldInTheEvent()
    {
        var time = new LeapingTime();
        await using var host = await BrokerHost.StartAsync(time: time);
        host.Authority.Grant = () => new AuthorizerGrant(time, [], TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(86_400), refresh: null);
        var gone = new Heard();
        using var subscription = host.Bus.Subscribe("$aws/events/presence/disconnected/+", gone);
        using var client = await RawClient.OpenAsync(host.MqttPort, "caller");
        await client.SendAsync([0xC0, 0]);
        Assert.Equal(0xD0, (await client.ReadAsync())[0]);

        time.Leap(TimeSpan.FromSeconds(300));

        var last = await client.ReadAsync();
        Assert.Equal((0xE0, 0x87), (last[0], last[2]));
        Assert.True(await client.IsClosedAsync());
        using var told = JsonDocument.Parse(await gone.NextAsync());
        Assert.Equal("CUSTOMAUTH_TTL_EXPIRATION", told.RootElement.GetProperty("disconnectReason").GetString());
    }

    [Fact]
    public async Task RefreshAfter_Due_AskedOnceAndTheRefusedGoes()
    {
        var time = new LeapingTime();
        await using var host = await BrokerHost.StartAsync(time: time);
        var asked = Channel.CreateUnbounded<int>();
        var answer = true;
        host.Authority.Grant = () => new AuthorizerGrant(time, [], TimeSpan.FromSeconds(86_400), TimeSpan.FromSeconds(300), (grant, _) =>
        {
            grant.Renew([], TimeSpan.FromSeconds(600));
            asked.Writer.TryWrite(1);
            return Task.FromResult(answer);
        });
        using var client = await RawClient.OpenAsync(host.MqttPort, "caller");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        time.Leap(TimeSpan.FromSeconds(300));
        await asked.Reader.ReadAsync(limit.Token);
        await client.SendAsync([0xC0, 0]);
        Assert.Equal(0xD0, (await client.ReadAsync())[0]);           // it was granted again
        Assert.False(asked.Reader.TryRead(out _));

        answer = false;
        time.Leap(TimeSpan.FromSeconds(600));
        await asked.Reader.ReadAsync(limit.Token);
        Assert.True(await client.IsClosedAsync());
    }

    private sealed class Heard : IMessageSink
    {
        private readonly Channel<string> _messages = Channel.CreateUnbounded<string>();

        public DurabilityTicket OnMessage(in MessageView message)
        {
            _messages.Writer.TryWrite(Encoding.UTF8.GetString(message.ToOwned().Payload.Span));
            return DurabilityTicket.None;
        }

        public async Task<string> NextAsync()
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            return await _messages.Reader.ReadAsync(limit.Token);
        }
    }
}
