using EdgeGateway.IntegrationTests.Broker;

namespace EdgeGateway.IntegrationTests.Conformance;

/// <summary>The profile <c>aws</c> is as narrow as the cloud (AWS guide: Communication protocols, MQTT); <c>open</c> lifts limits.</summary>
public sealed class ProfileTests
{
    [Fact]
    public async Task Aws_TellsWhatItDoesNotOffer()
    {
        await using var host = await BrokerHost.StartAsync("broker: { profile: aws, connectRate: 0 }");
        using var client = await RawClient.ConnectAsync(host.MqttPort);
        await client.SendAsync(Packets.Connect("one", keepAlive: 5));
        var answer = await client.ReadAsync();
        Assert.Equal(0, answer[3]);
        Assert.Contains("2401", Convert.ToHexString(answer), StringComparison.Ordinal);   // maximum QoS 1
        Assert.Contains("2900", Convert.ToHexString(answer), StringComparison.Ordinal);   // no subscription identifiers
        Assert.Contains("220008", Convert.ToHexString(answer), StringComparison.Ordinal); // eight topic aliases
        Assert.Contains("13001E", Convert.ToHexString(answer), StringComparison.Ordinal); // keep-alive 30 s
    }

    [Theory]
    [InlineData(0x9B)] // QoS 2
    public async Task Aws_PublishAtQos2_Disconnects(byte reason)
    {
        await using var host = await BrokerHost.StartAsync("broker: { profile: aws, connectRate: 0 }");
        using var client = await RawClient.OpenAsync(host.MqttPort, "one");
        await client.SendAsync(Packets.Publish("a", "x", 2, id: 1));
        var answer = await client.ReadAsync();
        Assert.Equal(reason, answer[2]);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact]
    public async Task Aws_ParentLevel_RetainedToWildcards_AndReceivers_AreAsInTheCloud()
    {
        await using var host = await BrokerHost.StartAsync("broker: { profile: aws, connectRate: 0 }");
        using var client = await RawClient.OpenAsync(host.MqttPort, "one");
        await client.SendAsync(Packets.Publish("sensor/a", "kept", 1, id: 1, retain: true));
        Assert.Equal(Packets.Ack(0x40, 1), await client.ReadAsync()); // plain success without receivers
        await client.SendAsync(Packets.Subscribe(2, "sensor/#", 1));
        Assert.Equal(1, (await client.ReadAsync())[^1]);
        await client.SendAsync(Packets.Publish("sensor", "parent"));
        await client.SendAsync(0xC0, 0);
        Assert.Equal([0xD0, 0], await client.ReadAsync()); // neither the retained copy nor the parent's message
        await client.SendAsync(Packets.Subscribe(3, "sensor/a", 1));
        Assert.Equal(0x90, (await client.ReadAsync())[0]);
        Assert.Equal(0x33, (await client.ReadAsync())[0]); // an exact filter gets it
    }

    [Theory]
    [InlineData("a/b/c/d/e/f/g/h/i", 0x90)]
    [InlineData("$aws/rules/r/a/b/c/d/e/f/g/h", 0)] // what stands before the topic of a basic ingest is not counted
    public async Task Aws_TopicDepth_IsBounded(string topic, byte reason)
    {
        await using var host = await BrokerHost.StartAsync("broker: { profile: aws, connectRate: 0 }");
        using var client = await RawClient.OpenAsync(host.MqttPort, "one");
        await client.SendAsync(Packets.Publish(topic, "x", 1, id: 1));
        var answer = await client.ReadAsync();
        Assert.Equal(reason, answer.Length > 4 ? answer[4] : 0);
    }

    [Fact]
    public async Task Aws_NineFilters_AreTooMany_AndMqtt31IsNotSpoken()
    {
        await using var host = await BrokerHost.StartAsync("broker: { profile: aws, connectRate: 0 }");
        using var client = await RawClient.OpenAsync(host.MqttPort, "one");
        await client.SendAsync(Packets.Packet(0x82, [0, 1, 0, .. Enumerable.Range(0, 9).SelectMany(static n => (byte[])[.. Packets.Text($"a/{n}"), 0])]));
        Assert.Equal(0x97, (await client.ReadAsync())[2]);
        using var old = await RawClient.ConnectAsync(host.MqttPort);
        await old.SendAsync(Packets.Connect("two", version: 3));
        Assert.Equal([0x20, 2, 0, 1], await old.ReadAsync());
    }

    [Fact]
    public async Task Standard_MoreConnectsASecondThanAllowed_AreRefused()
    {
        await using var host = await BrokerHost.StartAsync("broker: { connectRate: 2 }");
        for (var i = 0; i < 2; i++)
            (await RawClient.OpenAsync(host.MqttPort, "same")).Dispose();
        using var client = await RawClient.ConnectAsync(host.MqttPort);
        await client.SendAsync(Packets.Connect("same"));
        Assert.Equal(0x9F, (await client.ReadAsync())[3]);
    }

    [Fact]
    public async Task PublishRate_Exceeded_ReadsMoreSlowly_AndLosesNothing()
    {
        await using var host = await BrokerHost.StartAsync("broker: { publishRate: 20 }");
        using var watcher = await RawClient.OpenAsync(host.MqttPort, "watcher");
        await watcher.SendAsync(Packets.Subscribe(1, "a"));
        await watcher.ReadAsync();
        using var client = await RawClient.OpenAsync(host.MqttPort, "one");
        for (var i = 0; i < 50; i++)
            await client.SendAsync(Packets.Publish("a", $"{i}"));
        for (var i = 0; i < 50; i++)
            Assert.EndsWith($"{i}", System.Text.Encoding.UTF8.GetString(await watcher.ReadAsync()), StringComparison.Ordinal);
        await client.SendAsync([0xC0, 0]);
        Assert.Equal(0xD0, (await client.ReadAsync())[0]);
    }

    [Fact]
    public async Task PublishRate_ExceededInTheProfileOfTheCloud_Disconnects()
    {
        await using var host = await BrokerHost.StartAsync("broker: { profile: aws, publishRate: 10 }");
        using var client = await RawClient.OpenAsync(host.MqttPort, "one");
        for (var i = 0; i < 30; i++)
            await client.SendAsync(Packets.Publish("a", "x"));
        Assert.Equal(0x96, (await client.ReadAsync())[2]);
    }

    [Fact] // MQTT 5.0 §4.13, §3.2.2.3.16
    public async Task Redirect_SendsEveryMqtt5ClientElsewhere()
    {
        await using var host = await BrokerHost.StartAsync("broker: { redirect: 'other.local:8883' }");
        using var client = await RawClient.ConnectAsync(host.MqttPort);
        await client.SendAsync(Packets.Connect("one"));
        var answer = await client.ReadAsync();
        Assert.Equal(0x9D, answer[3]);
        Assert.Contains("other.local:8883", System.Text.Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
        Assert.True(await client.IsClosedAsync());
    }
}
