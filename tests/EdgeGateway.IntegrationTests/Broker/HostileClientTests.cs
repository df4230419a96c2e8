using System.Text;

namespace EdgeGateway.IntegrationTests.Broker;

/// <summary>Clients that mean harm, or are broken: what they do costs bounded memory, and others are served meanwhile.</summary>
public sealed class HostileClientTests
{
    [Fact]
    public async Task Crowd_OfConnectsAtOnce_LeavesOthersServed()
    {
        const int crowd = 1000;
        await using var host = await BrokerHost.StartAsync();
        using var other = await RawClient.OpenAsync(host.MqttPort, "other");
        var connecting = Enumerable.Range(0, crowd).Select(n => RawClient.OpenAsync(host.MqttPort, $"crowd-{n}")).ToArray();
        for (var i = 0; i < 20; i++)
            await AssertServedAsync(other);
        foreach (var client in await Task.WhenAll(connecting))
            client.Dispose();
    }

    [Fact]
    public async Task SlowLoris_ByteByByte_IsClosedWhenConnectDoesNotCome()
    {
        await using var host = await BrokerHost.StartAsync("listeners: { mqtt: { port: 0 }, connectTimeout: 1s }");
        using var other = await RawClient.OpenAsync(host.MqttPort, "other");
        using var loris = await RawClient.ConnectAsync(host.MqttPort);
        using var silent = await RawClient.ConnectAsync(host.MqttPort);
        await loris.SendAsync(Packets.Connect("loris")[..7]);
        await AssertServedAsync(other);
        Assert.True(await loris.IsClosedAsync());
        Assert.True(await silent.IsClosedAsync());
    }

    [Fact]
    public async Task HalfOpen_SilentClient_IsGoneAfterItsKeepAlive_AndItsWillIsSent()
    {
        await using var host = await BrokerHost.StartAsync();
        using var watcher = await RawClient.OpenAsync(host.MqttPort, "watcher");
        await watcher.SendAsync(Packets.Subscribe(1, "will"));
        await watcher.ReadAsync();
        using var silent = await RawClient.ConnectAsync(host.MqttPort);
        await silent.SendAsync(Packets.Connect("silent", version: 4, keepAlive: 1, flags: 4, more: [.. Packets.Text("will"), .. Packets.Text("gone")]));
        await silent.ReadAsync();
        Assert.EndsWith("gone", Encoding.UTF8.GetString(await watcher.ReadAsync()), StringComparison.Ordinal);
        Assert.True(await silent.IsClosedAsync());
    }

    [Fact]
    public async Task Announcement_Of256MB_AfterConnect_IsRefusedAtOnce()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.OpenAsync(host.MqttPort, "one");
        var before = GC.GetTotalAllocatedBytes();
        await client.SendAsync(0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0, 1);
        Assert.Equal(0x95, (await client.ReadAsync())[2]);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 10_000_000);
    }

    [Fact]
    public async Task SubscriptionBombs_AreRefused_OrBounded()
    {
        await using var host = await BrokerHost.StartAsync();
        using var other = await RawClient.OpenAsync(host.MqttPort, "other");
        using var client = await RawClient.OpenAsync(host.MqttPort, "bomber");
        await client.SendAsync(Packets.Subscribe(1, string.Join('/', Enumerable.Repeat("#", 1000))));
        Assert.Equal(0x8F, (await client.ReadAsync())[^1]);
        await client.SendAsync(Packets.Subscribe(2, string.Join('/', Enumerable.Repeat("+", 20_000))));
        Assert.Equal(0x8F, (await client.ReadAsync())[^1]);
        var granted = 0;
        for (ushort i = 1; i <= 200; i++)
        {
            await client.SendAsync(Packets.Subscribe(i, $"{i}/{string.Join('/', Enumerable.Repeat("+", 900))}"));
            granted += (await client.ReadAsync())[^1] < 0x80 ? 1 : 0;
        }
        Assert.InRange(granted, 1, 50); // deep filters count for more
        await AssertServedAsync(other);
    }

    [Fact]
    public async Task Topic_OfAThousandLevels_IsRoutedAndRetained()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.OpenAsync(host.MqttPort, "deep");
        var topic = string.Join('/', Enumerable.Repeat("d", 1000));
        await client.SendAsync(Packets.Subscribe(1, "d/#"));
        Assert.Equal(0, (await client.ReadAsync())[^1]);
        await client.SendAsync(Packets.Publish(topic, "x", 1, id: 1, retain: true));
        Assert.EndsWith("x", Encoding.UTF8.GetString(await ReadPublishAsync(client)), StringComparison.Ordinal);
        await client.SendAsync(Packets.Publish(topic + "/" + topic, "x", 1, id: 2)); // beyond what is allowed
        Assert.Equal([0x40, 3, 0, 2, 0x90], await client.ReadAsync());
    }

    [Fact] // a receiver that takes nothing costs its own messages, never the publisher's time or the broker's memory
    public async Task DeafReceiver_DoesNotSlowOthers()
    {
        await using var host = await BrokerHost.StartAsync("broker: { maxQueuedMessages: 100, slowReceiver: 64KB }");
        using var deaf = await RawClient.OpenAsync(host.MqttPort, "deaf");
        await deaf.SendAsync(Packets.Subscribe(1, "big"));
        await deaf.ReadAsync();
        using var listener = await RawClient.OpenAsync(host.MqttPort, "listener");
        await listener.SendAsync(Packets.Subscribe(1, "big"));
        await listener.ReadAsync();
        using var publisher = await RawClient.OpenAsync(host.MqttPort, "pub");
        var payload = new string('x', 50_000);
        for (var i = 0; i < 400; i++)
        {
            await publisher.SendAsync(Packets.Publish("big", payload));
            await listener.ReadAsync();
        }
        Assert.True(host.Status.Client("deaf")!.Dropped > 0);
        await AssertServedAsync(publisher);
    }

    private static async Task<byte[]> ReadPublishAsync(RawClient client)
    {
        while (true)
            if (await client.ReadAsync() is var packet && packet[0] >> 4 == 3)
            {
                await client.ReadAsync(); // its PUBACK
                return packet;
            }
    }

    private static async Task AssertServedAsync(RawClient client)
    {
        await client.SendAsync(0xC0, 0);
        Assert.Equal([0xD0, 0], await client.ReadAsync());
    }
}
