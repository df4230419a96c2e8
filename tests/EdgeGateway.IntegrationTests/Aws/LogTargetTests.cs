using System.Text;
using EdgeGateway.IntegrationTests.Identity;

namespace EdgeGateway.IntegrationTests.Aws;

/// <summary>What <c>SetV2LoggingLevel</c> asks for is what the process writes, after a restart too.</summary>
public sealed class LogTargetTests
{
    [Fact]
    public async Task ClientAndGroup_WithLevelsOfTheirOwn_OnlyTheyAreWritten()
    {
        using var folder = new TemporaryFolder();
        await using (var gateway = await GatewayProcess.StartAsync(folder.Path, "--set", "listeners.mqtt.anonymous=true"))
        {
            using var http = ControlSocketClient.For(folder.Path);
            await CallAsync(http, HttpMethod.Post, "v2LoggingOptions", """{"roleArn":"arn:aws:iam::000000000000:role/logs","defaultLogLevel":"WARN"}""");
            await CallAsync(http, HttpMethod.Post, "things/grouped", "");
            await CallAsync(http, HttpMethod.Post, "thing-groups/house", "");
            await CallAsync(http, HttpMethod.Post, "thing-groups/room", """{"parentGroupName":"house"}""");
            await CallAsync(http, HttpMethod.Put, "thing-groups/addThingToThingGroup", """{"thingGroupName":"room","thingName":"grouped"}""");
            await CallAsync(http, HttpMethod.Post, "v2LoggingLevel", """{"logTarget":{"targetType":"CLIENT_ID","targetName":"watched"},"logLevel":"INFO"}""");
            await CallAsync(http, HttpMethod.Post, "v2LoggingLevel", """{"logTarget":{"targetType":"THING_GROUP","targetName":"house"},"logLevel":"DEBUG"}""");
            await ConnectAsync(gateway, "watched", "grouped", "unwatched");
            await HeardAsync(gateway, "watched connected", "grouped connected");
            Assert.DoesNotContain(gateway.Log, static line => line.Contains("unwatched", StringComparison.Ordinal));
            await CallAsync(http, HttpMethod.Delete, "v2LoggingLevel?targetType=THING_GROUP&targetName=house", "");
            await CallAsync(http, HttpMethod.Post, "v2LoggingLevel", """{"logTarget":{"targetType":"CLIENT_ID","targetName":"watched"},"logLevel":"DISABLED"}""");
            await CallAsync(http, HttpMethod.Post, "v2LoggingOptions", """{"defaultLogLevel":"INFO"}""");
        }

        await using var again = await GatewayProcess.StartAsync(folder.Path, "--set", "listeners.mqtt.anonymous=true");
        await ConnectAsync(again, "watched", "unwatched");
        await HeardAsync(again, "unwatched connected");
        Assert.DoesNotContain(again.Log, static line => line.Contains(" watched ", StringComparison.Ordinal));
    }

    private static async Task ConnectAsync(GatewayProcess gateway, params string[] clients)
    {
        foreach (var client in clients)
            (await Programs.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{gateway.MqttPort}", "-i", client, "-q", "1", "-t", "a", "-m", "x"])).Succeeded();
    }

    /// <summary>The console's lines are written by a thread of their own.</summary>
    private static async Task HeardAsync(GatewayProcess gateway, params string[] texts)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        foreach (var text in texts)
            while (!gateway.Log.Any(line => line.Contains($" {text}", StringComparison.Ordinal)))
                await Task.Delay(20, limit.Token);
    }

    private static async Task CallAsync(HttpClient http, HttpMethod method, string path, string body)
    {
        using var response = await http.SendAsync(new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {await response.Content.ReadAsStringAsync()}");
    }
}
