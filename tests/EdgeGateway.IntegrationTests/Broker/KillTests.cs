using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace EdgeGateway.IntegrationTests.Broker;

/// <summary><c>kill -9</c> under load, again and again: what was acknowledged is there after every start, at QoS 2 once.</summary>
public sealed class KillTests
{
    private static readonly byte[] ForADay = [0x11, 0, 1, 0x51, 0x80];

    // All of a long run waits for one session that is away: more than the default lets wait before the oldest is dropped.
    private static readonly string[] Settings = ["--set", "listeners.mqtt.anonymous=true", "--set", "broker.maxQueuedMessages=1000000"];

    [Fact]
    public Task Kill_AFewTimes_LosesNothingAcknowledged() => KillAsync(static (round, _) => round < 3);

    [Fact]
    [Trait("Category", "Soak")]
    public Task Kill_ForLong_LosesNothingAcknowledged()
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("EDGEGATEWAY_SOAK_SECONDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : 5;
        return KillAsync((_, elapsed) => elapsed.TotalSeconds < seconds);
    }

    private static async Task KillAsync(Func<int, TimeSpan, bool> goesOn)
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-kill-").FullName;
        var began = Stopwatch.GetTimestamp();
        var acknowledged = new List<int>();
        var number = 0;
        try
        {
            for (var round = 0; goesOn(round, Stopwatch.GetElapsedTime(began)); round++)
            {
                await using var gateway = await GatewayProcess.StartAsync(folder, Settings);
                await SubscribeAsync(gateway.MqttPort);
                var underLoad = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                var publishing = PublishAsync(gateway.MqttPort, number, acknowledged, enough: acknowledged.Count + 40 + (round * 7 % 50), underLoad);
                await underLoad.Task.WaitAsync(TimeSpan.FromMinutes(1));
                await gateway.KillAsync(); // somewhere in the next messages
                number = await publishing;
            }
            await using var last = await GatewayProcess.StartAsync(folder, Settings);
            var received = await ReceiveAsync(last.MqttPort);
            Assert.NotEmpty(acknowledged);
            Assert.Empty(acknowledged.Except(received));
            Assert.Equal(received.Distinct().Order(), received);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task SubscribeAsync(int port)
    {
        using var subscriber = await RawClient.ConnectAsync(port);
        await subscriber.SendAsync(Packets.Connect("away", clean: false, properties: [.. ForADay, 0x21, 0, 1])); // takes one at a time, so nothing is taken here
        await subscriber.ReadAsync();
        await subscriber.SendAsync(Packets.Subscribe(1, "work", 2));
        while ((await subscriber.ReadAsync())[0] != 0x90)
        {
        }
    }

    // Numbers at QoS 2, eight under way, until the gateway is gone. What was not acknowledged is never sent again here.
    private static async Task<int> PublishAsync(int port, int number, List<int> acknowledged, int enough, TaskCompletionSource underLoad)
    {
        try
        {
            using var publisher = await RawClient.OpenAsync(port, $"pub-{number}");
            for (; ; number += 8)
            {
                for (var i = 1; i <= 8; i++)
                    await publisher.SendAsync(Packets.Publish("work", (number + i).ToString("00000000", CultureInfo.InvariantCulture), 2, id: (ushort)i));
                for (var i = 1; i <= 8; i++)
                {
                    Assert.Equal(0x50, (await publisher.ReadAsync())[0]);
                    acknowledged.Add(number + i);
                    if (acknowledged.Count >= enough)
                        underLoad.TrySetResult();
                }
                for (var i = 1; i <= 8; i++)
                    await publisher.SendAsync(Packets.Ack(0x62, (ushort)i));
                for (var i = 1; i <= 8; i++)
                    await publisher.ReadAsync();
            }
        }
        catch (Exception ex) when (ex is IOException or System.Net.Sockets.SocketException)
        {
            return number + 8;
        }
    }

    private static async Task<List<int>> ReceiveAsync(int port)
    {
        using var subscriber = await RawClient.ConnectAsync(port);
        await subscriber.SendAsync(Packets.Connect("away", clean: false, properties: ForADay));
        Assert.Equal(1, (await subscriber.ReadAsync())[2]);
        using var marker = await RawClient.OpenAsync(port, "marker");
        await marker.SendAsync(Packets.Publish("work", "end", 2, id: 1));
        var received = new List<int>();
        while (true)
        {
            var packet = await subscriber.ReadAsync();
            if (packet[0] >> 4 == 6)
            {
                await subscriber.SendAsync(Packets.Ack(0x70, Packets.IdOf(packet)));
                continue;
            }
            var text = Encoding.ASCII.GetString(packet);
            if (text.EndsWith("end", StringComparison.Ordinal))
                return received;
            received.Add(int.Parse(text[^8..], CultureInfo.InvariantCulture));
            var topicLength = (packet[2] << 8) | packet[3];
            await subscriber.SendAsync(Packets.Ack(0x50, (ushort)((packet[4 + topicLength] << 8) | packet[5 + topicLength])));
        }
    }
}
