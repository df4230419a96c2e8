using System.Text;
using EdgeGateway.Identity.Policies;
using EdgeGateway.IntegrationTests.Broker;
using EdgeGateway.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>What a packet is answered that the policies do not allow, row by row (AWS guide: Policy actions).</summary>
public sealed class DenialTests
{
    private const byte Denied = 0x87;
    private const string Prefix = "arn:aws:iot:edge:000000000000:";

    private static readonly string Policy = $$"""
        {"Version":"2012-10-17","Statement":[
          {"Effect":"Allow","Action":"iot:Connect","Resource":"{{Prefix}}client/ok-*"},
          {"Effect":"Allow","Action":"iot:Publish","Resource":"{{Prefix}}topic/ok/*"},
          {"Effect":"Allow","Action":"iot:RetainPublish","Resource":"{{Prefix}}topic/ok/kept"},
          {"Effect":"Allow","Action":"iot:Subscribe","Resource":"{{Prefix}}topicfilter/ok/*"},
          {"Effect":"Allow","Action":"iot:Receive","Resource":"{{Prefix}}topic/ok/heard"}]}
        """;

    [Theory]
    [InlineData("standard", 5, Denied)]
    [InlineData("standard", 4, 5)]
    [InlineData("aws", 4, 7)]
    public async Task Connect_ClientIdNotAllowed_RefusedAndClosed(string profile, byte version, byte code)
    {
        await using var gateway = await StartAsync($"broker.profile={profile}");
        using var client = await RawClient.ConnectAsync(gateway.MqttPort);
        await client.SendAsync(Packets.Connect("other", version));
        Assert.Equal(code, (await client.ReadAsync())[3]);
        Assert.True(await client.IsClosedAsync());
    }

    [Theory]
    [InlineData("ok/last", false, 0)]
    [InlineData("other", false, Denied)]
    [InlineData("ok/kept", true, 0)]
    [InlineData("ok/last", true, Denied)]
    public async Task Connect_Will_NeedsPublishAndRetainPublish(string topic, bool retain, byte code)
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.ConnectAsync(gateway.MqttPort);
        await client.SendAsync(Packets.Connect("ok-will", flags: (byte)(retain ? 0x24 : 0x04), more: [0, .. Packets.Text(topic), .. Packets.Text("gone")]));
        Assert.Equal(code, (await client.ReadAsync())[3]);
    }

    [Fact]
    public async Task Publish_V5_AnsweredByQosAndTheConnectionStays()
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.OpenAsync(gateway.MqttPort, "ok-five");
        await client.SendAsync(Packets.Publish("other", "x", qos: 1, id: 1));
        Assert.Equal([0x40, 0, 1, Denied], Without(await client.ReadAsync()));
        await client.SendAsync(Packets.Publish("other", "x", qos: 2, id: 2));
        Assert.Equal([0x50, 0, 2, Denied], Without(await client.ReadAsync()));
        await client.SendAsync(Packets.Publish("ok/last", "x", qos: 1, id: 3, retain: true));
        Assert.Equal([0x40, 0, 3, Denied], Without(await client.ReadAsync()));
        await client.SendAsync(Packets.Publish("other", "x"));       // QoS 0: dropped
        await client.SendAsync(0xC0, 0);
        Assert.Equal(0xD0, (await client.ReadAsync())[0]);
    }

    [Fact]
    public async Task Publish_V311_ConnectionEndsAndNothingIsAcknowledged()
    {
        await using var gateway = await StartAsync();
        foreach (var qos in new[] { 0, 1, 2 })
        {
            using var client = await RawClient.OpenAsync(gateway.MqttPort, $"ok-four-{qos}", version: 4);
            await client.SendAsync(Packets.Publish("other", "x", qos, id: 1, version: 4));
            await Assert.ThrowsAsync<EndOfStreamException>(client.ReadAsync);
        }
    }

    [Theory]
    [InlineData(5, Denied)]
    [InlineData(4, 0x80)]
    public async Task Subscribe_OneFilterOfTwo_TheOtherIsGranted(byte version, byte code)
    {
        await using var gateway = await StartAsync();
        using var client = await RawClient.OpenAsync(gateway.MqttPort, "ok-subscriber", version);
        await client.SendAsync(Packets.Packet(0x82, [0, 9, .. version == 5 ? new byte[] { 0 } : [], .. Packets.Text("ok/#"), 1, .. Packets.Text("other"), 1]));
        Assert.Equal([1, code], (await client.ReadAsync())[^2..]);
    }

    [Fact]
    public async Task Receive_NotAllowed_SilentlyNotDelivered_RetainedToo()
    {
        await using var gateway = await StartAsync();
        var bus = gateway.Services.GetRequiredService<IMessageBus>();
        await PublishAsync("ok/secret", retain: true);
        await PublishAsync("ok/heard", retain: true);
        using var client = await RawClient.OpenAsync(gateway.MqttPort, "ok-listener");
        await client.SendAsync(Packets.Subscribe(1, "ok/#"));
        Assert.Equal("ok/heard", await HeardAsync());                // the retained one
        await PublishAsync("ok/secret", retain: false);
        await PublishAsync("ok/heard", retain: false);
        Assert.Equal("ok/heard", await HeardAsync());

        async Task<string> HeardAsync()
        {
            while (true)
            {
                var packet = await client.ReadAsync();
                if (packet[0] >> 4 == 3)
                    return Encoding.UTF8.GetString(packet, 4, packet[3]);
            }
        }

        async Task PublishAsync(string topic, bool retain) =>
            await bus.PublishAsync(new ApplicationMessage(topic, "x"u8.ToArray()) { Retain = retain }, CancellationToken.None);
    }

    private static async Task<RunningGateway> StartAsync(params string[] settings)
    {
        var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true", "listeners.mqtt.policy=limited", .. settings]);
        await gateway.Services.GetRequiredService<IPolicies>().CreateAsync("limited", Policy, "test");
        return gateway;
    }

    /// <summary>Type, identifier and reason of an acknowledgement; a reason string is left out.</summary>
    private static byte[] Without(byte[] acknowledgement) => [acknowledgement[0], .. acknowledgement[2..5]];
}
