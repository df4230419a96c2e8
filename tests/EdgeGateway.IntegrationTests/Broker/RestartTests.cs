using System.Text;

namespace EdgeGateway.IntegrationTests.Broker;

/// <summary>What must be there after the broker's process ended and another one opened the same data.</summary>
public sealed class RestartTests : IDisposable
{
    private static readonly byte[] ForAnHour = [0x11, 0, 0, 0x0E, 0x10];
    private readonly string _data = Directory.CreateTempSubdirectory("edgegateway-restart-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task QueuedMessages_OfASessionThatIsAway_ComeInOrder()
    {
        await using (var host = await BrokerHost.StartAsync(data: _data))
        {
            using var subscriber = await RawClient.OpenAsync(host.MqttPort, "away", clean: false, properties: ForAnHour);
            await subscriber.SendAsync(Packets.Subscribe(1, "q/+", 2));
            await subscriber.ReadAsync();
            await subscriber.SendAsync(0xE0, 0);
            Assert.True(await subscriber.IsClosedAsync());
            using var publisher = await RawClient.OpenAsync(host.MqttPort, "pub");
            for (ushort i = 1; i <= 50; i++)
            {
                await publisher.SendAsync(Packets.Publish($"q/{i}", $"m{i}", 1, id: i));
                Assert.Equal(Packets.Ack(0x40, i), await publisher.ReadAsync());
            }
        }
        await using var again = await BrokerHost.StartAsync(data: _data);
        using var back = await RawClient.ConnectAsync(again.MqttPort);
        await back.SendAsync(Packets.Connect("away", clean: false, properties: ForAnHour));
        Assert.Equal(1, (await back.ReadAsync())[2]);
        for (var i = 1; i <= 50; i++)
        {
            var message = await back.ReadAsync();
            Assert.EndsWith($"m{i}", Encoding.UTF8.GetString(message), StringComparison.Ordinal);
            await back.SendAsync(Packets.Ack(0x40, IdOf(message)));
        }
    }

    [Fact]
    public async Task InFlight_KeepsIdentifiersAndStates()
    {
        var ids = new List<ushort>();
        await using (var host = await BrokerHost.StartAsync(data: _data))
        {
            using var subscriber = await RawClient.OpenAsync(host.MqttPort, "sub", clean: false, properties: ForAnHour);
            await subscriber.SendAsync(Packets.Subscribe(1, "q", 2));
            await subscriber.ReadAsync();
            using var publisher = await RawClient.OpenAsync(host.MqttPort, "pub");
            for (ushort i = 1; i <= 3; i++)
            {
                await publisher.SendAsync(Packets.Publish("q", $"m{i}", 2, id: i));
                Assert.Equal(Packets.Ack(0x50, i), await publisher.ReadAsync());
                ids.Add(IdOf(await subscriber.ReadAsync()));
            }
            await subscriber.SendAsync(Packets.Ack(0x50, ids[0]));
            Assert.Equal(Packets.Ack(0x62, ids[0]), await subscriber.ReadAsync());
            await subscriber.SendAsync(Packets.Ack(0x50, ids[1]));
            Assert.Equal(Packets.Ack(0x62, ids[1]), await subscriber.ReadAsync());
            await subscriber.SendAsync(Packets.Ack(0x70, ids[1]));
            await subscriber.SendAsync(0xC0, 0);
            await subscriber.ReadAsync();
        }
        await using var again = await BrokerHost.StartAsync(data: _data);
        using var back = await RawClient.ConnectAsync(again.MqttPort);
        await back.SendAsync(Packets.Connect("sub", clean: false, properties: ForAnHour));
        Assert.Equal(1, (await back.ReadAsync())[2]);
        Assert.Equal(Packets.Ack(0x62, ids[0]), await back.ReadAsync()); // only PUBREL is owed
        var third = await back.ReadAsync();
        Assert.Equal(0x3C, third[0]); // DUP, QoS 2
        Assert.Equal(ids[2], IdOf(third));
    }

    [Fact]
    public async Task InboundQos2Identifier_IsRememberedAcrossTheRestart()
    {
        await using (var host = await BrokerHost.StartAsync(data: _data))
        {
            using var publisher = await RawClient.OpenAsync(host.MqttPort, "pub", clean: false, properties: ForAnHour);
            await publisher.SendAsync(Packets.Publish("once", "x", 2, id: 7));
            Assert.Equal(0x50, (await publisher.ReadAsync())[0]);
        }
        await using var again = await BrokerHost.StartAsync(data: _data);
        using var watcher = await RawClient.OpenAsync(again.MqttPort, "watch");
        await watcher.SendAsync(Packets.Subscribe(1, "once"));
        await watcher.ReadAsync();
        using var back = await RawClient.OpenAsync(again.MqttPort, "pub", clean: false, properties: ForAnHour);
        await back.SendAsync(Packets.Publish("once", "x", 2, id: 7, duplicate: true));
        Assert.Equal(Packets.Ack(0x50, 7), await back.ReadAsync());
        await watcher.SendAsync(0xC0, 0);
        Assert.Equal([0xD0, 0], await watcher.ReadAsync()); // not delivered twice
    }

    [Fact]
    public async Task Retained_ComesBack_ClearedStaysCleared()
    {
        await using (var host = await BrokerHost.StartAsync(data: _data))
        {
            using var publisher = await RawClient.OpenAsync(host.MqttPort, "pub");
            foreach (var (topic, payload) in new[] { ("r/a", "1"), ("r/b", "1"), ("r/a", "2"), ("r/b", "") })
            {
                await publisher.SendAsync(Packets.Publish(topic, payload, 1, id: 1, retain: true));
                await publisher.ReadAsync();
            }
        }
        for (var restart = 0; restart < 2; restart++) // the second start reads what the first one's checkpoint wrote
        {
            await using var again = await BrokerHost.StartAsync(data: _data);
            Assert.Equal(1, again.Status.Retained);
            using var reader = await RawClient.OpenAsync(again.MqttPort, "r");
            await reader.SendAsync(Packets.Subscribe(1, "r/#"));
            await reader.ReadAsync();
            Assert.EndsWith("2", Encoding.UTF8.GetString(await reader.ReadAsync()), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task EndedSession_DoesNotComeBack()
    {
        await using (var host = await BrokerHost.StartAsync(data: _data))
        {
            using var first = await RawClient.OpenAsync(host.MqttPort, "one", clean: false, properties: ForAnHour);
            await first.SendAsync(Packets.Subscribe(1, "q", 1));
            await first.ReadAsync();
            using var cleaned = await RawClient.OpenAsync(host.MqttPort, "one", clean: true);
            await cleaned.SendAsync(0xC0, 0);
            await cleaned.ReadAsync();
        }
        await using var again = await BrokerHost.StartAsync(data: _data);
        Assert.Equal(0, again.Status.Sessions);
        Assert.Equal(0, again.Status.Subscriptions);
    }

    private static ushort IdOf(byte[] publish)
    {
        var topicLength = (publish[2] << 8) | publish[3];
        return (ushort)((publish[4 + topicLength] << 8) | publish[5 + topicLength]);
    }
}
