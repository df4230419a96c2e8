using System.Collections.Concurrent;
using System.Net;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace EdgeGateway.IntegrationTests.Catalog;

/// <summary>What was answered 200 is there after kill -9, and its event reaches whoever waits for it.</summary>
public sealed class ChangeFeedCrashTests
{
    private const int Writers = 4;
    private const int Enough = 120;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task KilledWhileThingsAreMade_EveryAnswerHoldsAndEveryEventComes()
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;
        var (answered, heard) = (new ConcurrentDictionary<string, bool>(), new ConcurrentDictionary<string, bool>());
        await using (var first = await GatewayProcess.StartAsync(folder, "--set", "listeners.mqtt.anonymous=true"))
        {
            using var control = ControlSocketClient.For(folder);
            using var on = await control.PatchAsync(new Uri("event-configurations", UriKind.Relative), Json("""{"eventConfigurations":{"THING":{"Enabled":true}}}"""));
            Assert.Equal(HttpStatusCode.OK, on.StatusCode);
            using var watcher = await WatchAsync(first.MqttPort, heard);
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var writers = Enumerable.Range(0, Writers).Select(writer => WriteAsync(control, writer, answered, enough)).ToArray();
            await enough.Task.WaitAsync(Patience);
            await first.KillAsync();
            await Task.WhenAll(writers);
        }
        await using (var second = await GatewayProcess.StartAsync(folder, "--set", "listeners.mqtt.anonymous=true"))
        {
            using var control = ControlSocketClient.For(folder);
            foreach (var name in answered.Keys)
            {
                using var found = await control.GetAsync(new Uri($"things/{name}", UriKind.Relative));
                Assert.Equal(HttpStatusCode.OK, found.StatusCode);
            }
            var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var watcher = await WatchAsync(second.MqttPort, heard, () =>
            {
                if (answered.Keys.All(heard.ContainsKey))
                    all.TrySetResult();
            });
            if (answered.Keys.All(heard.ContainsKey))
                all.TrySetResult();
            await all.Task.WaitAsync(Patience);
        }
        Directory.Delete(folder, recursive: true);
    }

    private static async Task WriteAsync(HttpClient control, int writer, ConcurrentDictionary<string, bool> answered, TaskCompletionSource enough)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var name = $"crash-{writer}-{i}";
                using var made = await control.PostAsync(new Uri($"things/{name}", UriKind.Relative), Json("{}"));
                if (made.StatusCode != HttpStatusCode.OK)
                    return;
                answered[name] = true;
                if (answered.Count >= Enough)
                    enough.TrySetResult();
            }
        }
        catch (HttpRequestException)
        {
            // The gateway was killed under it: what it did not answer may or may not be there.
        }
    }

    private static async Task<IMqttClient> WatchAsync(int port, ConcurrentDictionary<string, bool> heard, Action? onHeard = null)
    {
        var client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += message =>
        {
            heard[message.ApplicationMessage.Topic.Split('/')[3]] = true;
            onHeard?.Invoke();
            return Task.CompletedTask;
        };
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("watcher").WithCleanSession(false).WithProtocolVersion(MqttProtocolVersion.V311).Build());
        await client.SubscribeAsync("$aws/events/thing/+/created", MqttQualityOfServiceLevel.AtLeastOnce);
        return client;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
