using System.Text;
using EdgeGateway.IntegrationTests.Broker;
using EdgeGateway.Messaging;

namespace EdgeGateway.IntegrationTests.Conformance;

/// <summary>PUBLISH and its acknowledgements, subscriptions, retained messages, sessions (MQTT 5.0 §3.3 to §3.9, §4), bytes in, bytes out.</summary>
public sealed class PublishTests
{
    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 5)]
    [InlineData(5, 4)]
    [InlineData(5, 5)]
    public async Task Publish_EachQos_ArrivesAtTheLowerOfBoth(byte publisherVersion, byte subscriberVersion)
    {
        await using var host = await BrokerHost.StartAsync();
        using var subscriber = await RawClient.OpenAsync(host.MqttPort, "sub", subscriberVersion);
        using var publisher = await RawClient.OpenAsync(host.MqttPort, "pub", publisherVersion);
        for (byte asked = 0; asked <= 2; asked++)
        {
            await subscriber.SendAsync(Packets.Subscribe(1, "a/+", asked, subscriberVersion));
            Assert.Equal(asked, (await subscriber.ReadAsync())[^1]);
            for (byte sent = 0; sent <= 2; sent++)
            {
                await publisher.SendAsync(Packets.Publish("a/b", "x", sent, id: (ushort)(sent + 10), version: publisherVersion));
                await FinishPublishAsync(publisher, sent, (ushort)(sent + 10));
                var message = await subscriber.ReadAsync();
                var qos = Math.Min(asked, sent);
                Assert.Equal(0x30 | (qos << 1), message[0]);
                Assert.Equal((byte)'x', message[^1]);
                await FinishReceiveAsync(subscriber, qos, message);
            }
        }
    }

    [Fact] // [MQTT-4.3.3-10]: the same identifier again is acknowledged, not delivered again
    public async Task PublishQos2_RepeatedBeforePubRel_IsDeliveredOnce()
    {
        await using var host = await BrokerHost.StartAsync();
        using var subscriber = await RawClient.OpenAsync(host.MqttPort, "sub");
        await subscriber.SendAsync(Packets.Subscribe(1, "q", 0));
        await subscriber.ReadAsync();
        using var publisher = await RawClient.OpenAsync(host.MqttPort, "pub");
        await publisher.SendAsync(Packets.Publish("q", "once", 2, id: 7));
        Assert.Equal([0x50, 2, 0, 7], await publisher.ReadAsync());
        await publisher.SendAsync(Packets.Publish("q", "once", 2, id: 7, duplicate: true));
        Assert.Equal([0x50, 2, 0, 7], await publisher.ReadAsync());
        await publisher.SendAsync(0x62, 2, 0, 7);
        Assert.Equal([0x70, 2, 0, 7], await publisher.ReadAsync());
        await publisher.SendAsync(Packets.Publish("q", "next"));
        Assert.EndsWith("once", Encoding.UTF8.GetString(await subscriber.ReadAsync()), StringComparison.Ordinal);
        Assert.EndsWith("next", Encoding.UTF8.GetString(await subscriber.ReadAsync()), StringComparison.Ordinal);
    }

    [Fact] // an answer with a private key reaches the asking client alone, not another client, a shared group or a part of the gateway
    public async Task PublishFromInside_OnlyToOneClient_ReachesNobodyElse()
    {
        const string topic = "$aws/certificates/create/json/accepted";
        await using var host = await BrokerHost.StartAsync();
        var overheard = new CountingSink();
        using var listening = host.Bus.Subscribe(topic, overheard);
        using var asking = await RawClient.OpenAsync(host.MqttPort, "asking");
        using var other = await RawClient.OpenAsync(host.MqttPort, "other");
        using var member = await RawClient.OpenAsync(host.MqttPort, "member");
        using var silent = await RawClient.OpenAsync(host.MqttPort, "silent"); // subscribes to nothing, and gets its answer all the same
        await SubscribeAsync(asking, topic);
        await SubscribeAsync(other, topic);
        await SubscribeAsync(member, "$share/g/" + topic);

        await host.Bus.PublishAsync(new ApplicationMessage(topic, "secret"u8.ToArray()) { OnlyTo = "asking", QualityOfService = QualityOfService.AtMostOnce }, default);
        await host.Bus.PublishAsync(new ApplicationMessage(topic, "unasked"u8.ToArray()) { OnlyTo = "silent" }, default);
        await host.Bus.PublishAsync(new ApplicationMessage(topic, "nobody"u8.ToArray()) { OnlyTo = "gone" }, default);
        await host.Bus.PublishAsync(new ApplicationMessage(topic, "for all"u8.ToArray()) { QualityOfService = QualityOfService.AtMostOnce }, default);

        Assert.EndsWith("secret", Encoding.UTF8.GetString(await asking.ReadAsync()), StringComparison.Ordinal);
        var unasked = await silent.ReadAsync();
        Assert.Equal(0x32, unasked[0]);
        Assert.EndsWith("unasked", Encoding.UTF8.GetString(unasked), StringComparison.Ordinal);
        await silent.SendAsync(Packets.Ack(0x40, Packets.IdOf(unasked)));
        await silent.SendAsync([0xC0, 0]);
        Assert.Equal(0xD0, (await silent.ReadAsync())[0]);
        Assert.EndsWith("for all", Encoding.UTF8.GetString(await other.ReadAsync()), StringComparison.Ordinal);
        Assert.EndsWith("for all", Encoding.UTF8.GetString(await member.ReadAsync()), StringComparison.Ordinal);
        Assert.Equal(1, overheard.Messages);

        static async Task SubscribeAsync(RawClient client, string filter)
        {
            await client.SendAsync(Packets.Subscribe(1, filter, 0));
            Assert.Equal(0, (await client.ReadAsync())[^1]);
        }
    }

    [Fact] // PUBREL for an identifier nobody knows is 0x92 (MQTT 5.0 §3.7.2.1)
    public async Task PubRel_UnknownIdentifier_IsAnsweredNotFound()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.OpenAsync(host.MqttPort, "pub");
        await client.SendAsync(0x62, 2, 0, 9);
        Assert.Equal([0x70, 3, 0, 9, 0x92], await client.ReadAsync());
    }

    [Fact] // [MQTT-4.4.0-1], [MQTT-4.6.0-1]: the same identifiers with DUP, in order; PUBREL where PUBREC had come
    public async Task Reconnect_ResendsWithTheSameIdentifiers()
    {
        await using var host = await BrokerHost.StartAsync();
        byte[] forAnHour = [0x11, 0, 0, 0x0E, 0x10];
        var subscriber = await RawClient.OpenAsync(host.MqttPort, "sub", clean: false, properties: forAnHour);
        await subscriber.SendAsync(Packets.Subscribe(1, "q", 2));
        await subscriber.ReadAsync();
        using var publisher = await RawClient.OpenAsync(host.MqttPort, "pub");
        for (ushort i = 1; i <= 3; i++)
        {
            await publisher.SendAsync(Packets.Publish("q", $"m{i}", i == 3 ? 1 : 2, id: i));
            await FinishPublishAsync(publisher, i == 3 ? 1 : 2, i);
        }
        var ids = new List<ushort>();
        for (var i = 0; i < 3; i++)
            ids.Add(IdOfPublish(await subscriber.ReadAsync()));
        await subscriber.SendAsync(Packets.Ack(0x50, ids[0]));
        Assert.Equal(Packets.Ack(0x62, ids[0]), await subscriber.ReadAsync());
        subscriber.Dispose();

        using var again = await RawClient.ConnectAsync(host.MqttPort);
        await again.SendAsync(Packets.Connect("sub", clean: false, properties: forAnHour));
        Assert.Equal(1, (await again.ReadAsync())[2]); // session present
        Assert.Equal(Packets.Ack(0x62, ids[0]), await again.ReadAsync());
        var second = await again.ReadAsync();
        Assert.Equal(0x3C, second[0]); // DUP, QoS 2
        Assert.Equal(ids[1], IdOfPublish(second));
        var third = await again.ReadAsync();
        Assert.Equal(0x3A, third[0]); // DUP, QoS 1
        Assert.Equal(ids[2], IdOfPublish(third));
    }

    [Fact] // MQTT 5.0 §3.1.2.11.3
    public async Task ReceiveMaximum_OfTheClient_IsNotExceeded()
    {
        await using var host = await BrokerHost.StartAsync();
        using var subscriber = await RawClient.OpenAsync(host.MqttPort, "sub", properties: [0x21, 0, 2]);
        await subscriber.SendAsync(Packets.Subscribe(1, "q", 1));
        await subscriber.ReadAsync();
        using var publisher = await RawClient.OpenAsync(host.MqttPort, "pub");
        for (ushort i = 1; i <= 6; i++)
        {
            await publisher.SendAsync(Packets.Publish("q", $"m{i}", 1, id: i));
            await publisher.ReadAsync();
        }
        var first = await subscriber.ReadAsync();
        var second = await subscriber.ReadAsync();
        await subscriber.SendAsync(0xC0, 0);
        Assert.Equal([0xD0, 0], await subscriber.ReadAsync()); // nothing else came in between
        await subscriber.SendAsync(Packets.Ack(0x40, IdOfPublish(first)));
        Assert.EndsWith("m3", Encoding.UTF8.GetString(await subscriber.ReadAsync()), StringComparison.Ordinal);
        await subscriber.SendAsync(Packets.Ack(0x40, IdOfPublish(second)));
        Assert.EndsWith("m4", Encoding.UTF8.GetString(await subscriber.ReadAsync()), StringComparison.Ordinal);
    }

    [Fact] // [MQTT-3.3.1-6], [MQTT-3.3.1-8], [MQTT-3.3.1-9]
    public async Task Retained_IsKeptGivenAndCleared()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.OpenAsync(host.MqttPort, "one");
        await client.SendAsync(Packets.Publish("r/1", "kept", 1, id: 1, retain: true));
        await client.ReadAsync();
        await client.SendAsync(Packets.Subscribe(2, "r/#", 1));
        Assert.Equal(0x90, (await client.ReadAsync())[0]);
        var copy = await client.ReadAsync();
        Assert.Equal(0x33, copy[0]); // QoS 1, RETAIN
        await client.SendAsync(Packets.Ack(0x40, IdOfPublish(copy)));
        await client.SendAsync(Packets.Publish("r/1", "live", 0, retain: true));
        Assert.Equal(0x30, (await client.ReadAsync())[0]); // a live copy has RETAIN 0
        await client.SendAsync(Packets.Publish("r/1", "", 0, retain: true));
        await client.ReadAsync();
        await client.SendAsync(Packets.Subscribe(3, "r/+", 1));
        await client.ReadAsync();
        await client.SendAsync(0xC0, 0);
        Assert.Equal([0xD0, 0], await client.ReadAsync()); // nothing retained is left
        Assert.Equal(0, host.Status.Retained);
    }

    [Fact] // [MQTT-3.1.2-8], [MQTT-3.1.2-10]
    public async Task Will_IsPublishedWhenTheClientVanishes_NotWhenItSaysGoodbye()
    {
        await using var host = await BrokerHost.StartAsync();
        using var watcher = await RawClient.OpenAsync(host.MqttPort, "watch", version: 4);
        await watcher.SendAsync(Packets.Subscribe(1, "will/#", 0, version: 4));
        await watcher.ReadAsync();
        byte[] WillOf(string name) => [.. Packets.Text($"will/{name}"), .. Packets.Text("gone")];
        var polite = await RawClient.ConnectAsync(host.MqttPort);
        await polite.SendAsync(Packets.Connect("polite", version: 4, flags: 0x04, more: WillOf("polite")));
        await polite.ReadAsync();
        await polite.SendAsync(0xE0, 0);
        Assert.True(await polite.IsClosedAsync());
        var rude = await RawClient.ConnectAsync(host.MqttPort);
        await rude.SendAsync(Packets.Connect("rude", version: 4, flags: 0x04, more: WillOf("rude")));
        await rude.ReadAsync();
        rude.Dispose();
        Assert.Contains("will/rude", Encoding.UTF8.GetString(await watcher.ReadAsync()), StringComparison.Ordinal);
    }

    [Fact] // [MQTT-3.3.4-3]: one copy with both identifiers
    public async Task OverlappingSubscriptions_AreMerged()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.OpenAsync(host.MqttPort, "one");
        await client.SendAsync(Packets.Subscribe(1, "a/#", 0, properties: [0x0B, 5]));
        await client.ReadAsync();
        await client.SendAsync(Packets.Subscribe(2, "a/b", 1, properties: [0x0B, 9]));
        await client.ReadAsync();
        await client.SendAsync(Packets.Publish("a/b", "x", 1, id: 1));
        var seen = new[] { await client.ReadAsync(), await client.ReadAsync() };
        var publish = Assert.Single(seen, packet => packet[0] == 0x32);
        Assert.Equal(2, publish.Count(static value => value == 0x0B));
    }

    [Theory]
    [InlineData("topic with a wildcard [MQTT-3.3.2-2]", new byte[] { 0x30, 6, 0, 3, (byte)'a', (byte)'/', (byte)'+', 0 }, 0x90)]
    [InlineData("QoS 3 [MQTT-3.3.1-4]", new byte[] { 0x36, 6, 0, 1, (byte)'a', 0, 1, 0 }, 0x81)]
    [InlineData("DUP at QoS 0 [MQTT-3.3.1-2]", new byte[] { 0x38, 4, 0, 1, (byte)'a', 0 }, 0x81)]
    [InlineData("packet identifier 0 [MQTT-2.2.1-3]", new byte[] { 0x32, 6, 0, 1, (byte)'a', 0, 0, 0 }, 0x81)]
    [InlineData("no topic and no alias", new byte[] { 0x30, 3, 0, 0, 0 }, 0x82)]
    [InlineData("alias 0 [MQTT-3.3.2-8]", new byte[] { 0x30, 7, 0, 1, (byte)'a', 3, 0x23, 0, 0 }, 0x94)]
    [InlineData("alias over the maximum [MQTT-3.3.2-9]", new byte[] { 0x30, 7, 0, 1, (byte)'a', 3, 0x23, 1, 0 }, 0x94)]
    [InlineData("subscription identifier from a client [MQTT-3.3.4-6]", new byte[] { 0x30, 6, 0, 1, (byte)'a', 2, 0x0B, 1 }, 0x82)]
    [InlineData("topic is not UTF-8", new byte[] { 0x30, 5, 0, 2, 0xC0, 0xAF, 0 }, 0x81)]
    [InlineData("PUBREL flags 0 [MQTT-3.6.1-1]", new byte[] { 0x60, 2, 0, 1 }, 0x81)]
    [InlineData("SUBSCRIBE flags 0 [MQTT-3.8.1-1]", new byte[] { 0x80, 7, 0, 1, 0, 0, 1, (byte)'a', 0 }, 0x81)]
    [InlineData("SUBSCRIBE without a filter [MQTT-3.8.3-2]", new byte[] { 0x82, 3, 0, 1, 0 }, 0x82)]
    [InlineData("SUBSCRIBE with reserved options [MQTT-3.8.3-5]", new byte[] { 0x82, 7, 0, 1, 0, 0, 1, (byte)'a', 0xC0 }, 0x81)]
    [InlineData("UNSUBSCRIBE without a filter [MQTT-3.10.3-2]", new byte[] { 0xA2, 3, 0, 1, 0 }, 0x82)]
    [InlineData("a packet only servers send", new byte[] { 0x20, 3, 0, 0, 0 }, 0x81)]
    [InlineData("packet type 0", new byte[] { 0x00, 0 }, 0x81)]
    [InlineData("PINGREQ with a body", new byte[] { 0xC0, 1, 0 }, 0x81)]
    public async Task MalformedPacket_V5_EndsWithItsReasonCode(string why, byte[] bytes, byte code)
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = await RawClient.OpenAsync(host.MqttPort, "bad");
        using var other = await RawClient.OpenAsync(host.MqttPort, "good");
        await client.SendAsync(bytes);
        var answer = await client.ReadAsync();
        Assert.True(answer[0] == 0xE0, why);
        Assert.Equal(code, answer[2]);
        Assert.True(await client.IsClosedAsync());
        await other.SendAsync(0xC0, 0);
        Assert.Equal([0xD0, 0], await other.ReadAsync());
    }

    [Fact]
    public async Task Denied_V5_AnswersTheOneMessage_V311_EndsTheConnection()
    {
        await using var host = await BrokerHost.StartAsync();
        using var five = await RawClient.OpenAsync(host.MqttPort, "five");
        await five.SendAsync(Packets.Publish("denied/x", "x", 1, id: 3));
        Assert.Equal([0x40, 3, 0, 3, 0x87], await five.ReadAsync());
        await five.SendAsync(Packets.Subscribe(4, "denied/#"));
        Assert.Equal(0x87, (await five.ReadAsync())[^1]);
        using var four = await RawClient.OpenAsync(host.MqttPort, "four", version: 4);
        await four.SendAsync(Packets.Subscribe(4, "denied/#", version: 4));
        Assert.Equal(0x80, (await four.ReadAsync())[^1]);
        await four.SendAsync(Packets.Publish("denied/x", "x", 1, id: 3, version: 4));
        Assert.True(await four.IsClosedAsync());
    }

    [Fact]
    public async Task SharedSubscription_EachMessageGoesToOneMember()
    {
        await using var host = await BrokerHost.StartAsync();
        using var one = await RawClient.OpenAsync(host.MqttPort, "m1");
        using var two = await RawClient.OpenAsync(host.MqttPort, "m2");
        foreach (var member in new[] { one, two })
        {
            await member.SendAsync(Packets.Subscribe(1, "$share/g/job/+", 1));
            Assert.Equal(1, (await member.ReadAsync())[^1]);
        }
        using var publisher = await RawClient.OpenAsync(host.MqttPort, "pub");
        for (ushort i = 1; i <= 10; i++)
        {
            await publisher.SendAsync(Packets.Publish($"job/{i}", "x", 1, id: i));
            await publisher.ReadAsync();
        }
        // Least in flight first: without acknowledgements the two take turns.
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(0x32, (await one.ReadAsync())[0]);
            Assert.Equal(0x32, (await two.ReadAsync())[0]);
        }
    }

    [Fact] // what a member of the group had not acknowledged goes to another when it leaves for good
    public async Task SharedSubscription_MemberLeaves_ItsMessagesMoveOn()
    {
        await using var host = await BrokerHost.StartAsync();
        var leaving = await RawClient.OpenAsync(host.MqttPort, "m1");
        await leaving.SendAsync(Packets.Subscribe(1, "$share/g/job", 1));
        await leaving.ReadAsync();
        using var publisher = await RawClient.OpenAsync(host.MqttPort, "pub");
        await publisher.SendAsync(Packets.Publish("job", "work", 1, id: 1));
        await publisher.ReadAsync();
        await leaving.ReadAsync();
        using var staying = await RawClient.OpenAsync(host.MqttPort, "m2");
        await staying.SendAsync(Packets.Subscribe(1, "$share/g/job", 1));
        await staying.ReadAsync();
        leaving.Dispose();
        Assert.EndsWith("work", Encoding.UTF8.GetString(await staying.ReadAsync()), StringComparison.Ordinal);
    }

    private static async Task FinishPublishAsync(RawClient publisher, int qos, ushort id)
    {
        if (qos == 0)
            return;
        var answer = await publisher.ReadAsync();
        Assert.Equal(qos == 1 ? 0x40 : 0x50, answer[0]);
        Assert.Equal(id, Packets.IdOf(answer));
        if (qos == 1)
            return;
        await publisher.SendAsync(Packets.Ack(0x62, id));
        Assert.Equal(0x70, (await publisher.ReadAsync())[0]);
    }

    private static async Task FinishReceiveAsync(RawClient subscriber, int qos, byte[] message)
    {
        if (qos == 0)
            return;
        var id = IdOfPublish(message);
        await subscriber.SendAsync(Packets.Ack((byte)(qos == 1 ? 0x40 : 0x50), id));
        if (qos == 1)
            return;
        Assert.Equal(Packets.Ack(0x62, id), await subscriber.ReadAsync());
        await subscriber.SendAsync(Packets.Ack(0x70, id));
    }

    private static ushort IdOfPublish(byte[] publish)
    {
        var topicLength = (publish[2] << 8) | publish[3];
        return (ushort)((publish[4 + topicLength] << 8) | publish[5 + topicLength]);
    }
}
