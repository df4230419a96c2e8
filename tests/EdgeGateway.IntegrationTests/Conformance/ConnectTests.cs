using EdgeGateway.IntegrationTests.Broker;

namespace EdgeGateway.IntegrationTests.Conformance;

/// <summary>CONNECT, CONNACK and what may not come first (MQTT 5.0 §3.1, §3.2), bytes in, bytes out.</summary>
public sealed class ConnectTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Connect_EachVersion_IsAccepted(byte version)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.ConnectAsync(host.MqttPort);
        await client.SendAsync(Packets.Connect("one", version));
        var answer = await client.ReadAsync();
        Assert.Equal(0x20, answer[0]);
        Assert.Equal(0, answer[2]); // no session present
        Assert.Equal(0, answer[3]); // accepted
        await client.SendAsync(0xC0, 0);
        Assert.Equal([0xD0, 0], await client.ReadAsync());
    }

    [Fact] // [MQTT-3.1.0-1]
    public async Task FirstPacket_NotConnect_ClosesWithoutAnswer()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.ConnectAsync(host.MqttPort);
        await client.SendAsync(0xC0, 0);
        Assert.True(await client.IsClosedAsync());
    }

    [Fact] // [MQTT-3.1.0-2]
    public async Task SecondConnect_V5_DisconnectsWithProtocolError()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.OpenAsync(host.MqttPort, "one");
        await client.SendAsync(Packets.Connect("one"));
        var answer = await client.ReadAsync();
        Assert.Equal(0xE0, answer[0]);
        Assert.Equal(0x82, answer[2]);
        Assert.True(await client.IsClosedAsync());
    }

    [Theory] // [MQTT-3.1.2-2]
    [InlineData(6)]
    [InlineData(2)]
    public async Task Connect_UnknownLevel_IsRefusedWith1(byte level)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.ConnectAsync(host.MqttPort);
        await client.SendAsync(Packets.Packet(0x10, [.. Packets.Text("MQTT"), level, 2, 0, 0, .. Packets.Text("x")]));
        Assert.Equal([0x20, 2, 0, 1], await client.ReadAsync());
        Assert.True(await client.IsClosedAsync());
    }

    [Fact] // [MQTT-3.1.3-6] of 5.0: the server assigns an id and says which
    public async Task Connect_EmptyClientIdV5_IsAssignedOne()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.ConnectAsync(host.MqttPort);
        await client.SendAsync(Packets.Connect(""));
        var answer = await client.ReadAsync();
        Assert.Equal(0, answer[3]);
        Assert.Contains((byte)0x12, answer);
    }

    [Fact] // [MQTT-3.1.3-8] of 3.1.1
    public async Task Connect_EmptyClientIdV311WithoutCleanSession_IsRefusedWith2()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.ConnectAsync(host.MqttPort);
        await client.SendAsync(Packets.Connect("", version: 4, clean: false));
        Assert.Equal([0x20, 2, 0, 2], await client.ReadAsync());
    }

    [Fact]
    public async Task Connect_EmptyClientIdV311WithCleanSession_IsAccepted()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.ConnectAsync(host.MqttPort);
        await client.SendAsync(Packets.Connect("", version: 4));
        Assert.Equal([0x20, 2, 0, 0], await client.ReadAsync());
    }

    [Theory]
    [InlineData(4, 5)]
    [InlineData(5, 0x87)]
    public async Task Connect_PolicyDenies_IsRefused(byte version, byte code)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.ConnectAsync(host.MqttPort);
        await client.SendAsync(Packets.Connect("banned-1", version));
        Assert.Equal(code, (await client.ReadAsync())[3]);
        Assert.True(await client.IsClosedAsync());
    }

    public static TheoryData<string, byte[], byte> Malformed => new()
    {
        { "reserved flags of CONNECT [MQTT-2.1.3-1]", [0x11, 13, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2, 0, 0, 0, 0, 0], 0x81 },
        { "reserved connect flag [MQTT-3.1.2-3]", [0x10, 13, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 3, 0, 0, 0, 0, 0], 0x81 },
        { "will QoS without a will [MQTT-3.1.2-11]", [0x10, 13, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 0x0A, 0, 0, 0, 0, 0], 0x81 },
        { "will QoS 3 [MQTT-3.1.2-12]", [0x10, 19, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 0x1E, 0, 0, 0, 0, 0, 0, 0, 1, (byte)'w', 0, 0], 0x81 },
        { "client id is not UTF-8 [MQTT-3.1.3-4]", [0x10, 15, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2, 0, 0, 0, 0, 2, 0xC0, 0xAF], 0x81 },
        { "body ends early", [0x10, 9, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2, 0], 0x81 },
        { "bytes after the end", [0x10, 14, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2, 0, 0, 0, 0, 0, 9], 0x81 },
        { "receive maximum twice", [0x10, 19, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2, 0, 0, 6, 0x21, 0, 1, 0x21, 0, 1, 0, 0], 0x82 },
        { "receive maximum 0", [0x10, 16, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2, 0, 0, 3, 0x21, 0, 0, 0, 0], 0x82 },
        { "property of PUBLISH in CONNECT", [0x10, 16, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2, 0, 0, 3, 0x23, 0, 1, 0, 0], 0x82 },
        { "unknown property", [0x10, 15, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5, 2, 0, 0, 2, 0x3F, 0, 0, 0], 0x81 },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Connect_Malformed_NeverGetsIn(string why, byte[] bytes, byte code)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.ConnectAsync(host.MqttPort);
        await client.SendAsync(bytes);
        Assert.True(await client.IsClosedAsync(), why);
        Assert.Equal(0, host.Status.Connections);
        Assert.True(code >= 0x81);
    }

    [Fact] // the length is refused before anything is allocated for it
    public async Task Connect_Announces256MB_ClosesAtOnce()
    {
        await using var host = await BrokerHost.StartAsync();
        var least = long.MaxValue;
        for (var attempt = 0; attempt < 5; attempt++) // the count is the process's: other tests run meanwhile
        {
            using var client = await RawClient.ConnectAsync(host.MqttPort);
            var before = GC.GetTotalAllocatedBytes();
            await client.SendAsync(0x10, 0xFF, 0xFF, 0xFF, 0x7F);
            Assert.True(await client.IsClosedAsync());
            least = Math.Min(least, GC.GetTotalAllocatedBytes() - before);
        }
        Assert.True(least < 10_000_000, $"{least} bytes");
    }

    [Fact] // [MQTT-3.1.4-3]
    public async Task Connect_SameClientId_TakesOver()
    {
        await using var host = await BrokerHost.StartAsync();
        using var first = await RawClient.OpenAsync(host.MqttPort, "twin");
        using var second = await RawClient.OpenAsync(host.MqttPort, "twin");
        var answer = await first.ReadAsync();
        Assert.Equal(0xE0, answer[0]);
        Assert.Equal(0x8E, answer[2]);
        Assert.True(await first.IsClosedAsync());
        await second.SendAsync(0xC0, 0);
        Assert.Equal([0xD0, 0], await second.ReadAsync());
    }
}
