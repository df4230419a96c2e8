using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using EdgeGateway.Cli;
using EdgeGateway.Hosting;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeGateway.IntegrationTests.Shadows;

/// <summary>What was answered <c>accepted</c> is there after <c>kill -9</c>.</summary>
[Trait("Category", "Crash")]
public sealed class ShadowCrashTests
{
    private const int Shadows = 100;
    private const int Updates = 10_000;
    private const int UpdatesALife = 2_500;
    private const int Window = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Kill_DuringTenThousandUpdates_EveryAcceptedVersionIsThere()
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-crash-").FullName;
        var accepted = new ConcurrentDictionary<string, long>();
        for (var done = 0; done < Updates; done += UpdatesALife)
        {
            await using var gateway = await StartAsync(folder);
            await CheckAsync(folder, accepted);
            await UpdateUntilKilledAsync(gateway, accepted);
        }
        await using (var last = await StartAsync(folder))
            await CheckAsync(folder, accepted);
        Directory.Delete(folder, recursive: true);
    }

    private static Task<GatewayProcess> StartAsync(string folder) =>
        GatewayProcess.StartAsync(folder, "--set", "listeners.mqtt.anonymous=true", "--set", "shadow.maxInFlight=1000");

    /// <summary>Each update counts one up, so a shadow's version says what must be in it; a later version than the last one heard is no loss.</summary>
    private static async Task CheckAsync(string folder, ConcurrentDictionary<string, long> accepted)
    {
        var found = (await CliAsync(folder, "shadow", "list", "crash")).EnumerateArray().ToDictionary(static row => row.GetProperty("name").GetString()!, static row => row.GetProperty("version").GetInt64());
        foreach (var (name, version) in accepted)
            Assert.True(found.GetValueOrDefault(name) >= version, $"{name}: version {version} was accepted, {found.GetValueOrDefault(name)} is there");
        foreach (var (name, version) in found)
        {
            var shadow = await CliAsync(folder, "shadow", "get", "crash", "--name", name);
            Assert.Equal(version, shadow.GetProperty("state").GetProperty("reported").GetProperty("n").GetInt64());
            accepted[name] = version;
        }
    }

    private static async Task UpdateUntilKilledAsync(GatewayProcess gateway, ConcurrentDictionary<string, long> accepted)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        using var room = new SemaphoreSlim(Window);
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        var next = accepted.ToDictionary();
        client.ApplicationMessageReceivedAsync += message =>
        {
            using var body = JsonDocument.Parse(message.ApplicationMessage.ConvertPayloadToString());
            accepted[message.ApplicationMessage.Topic.Split('/')[5]] = body.RootElement.GetProperty("version").GetInt64();
            room.Release();
            if (Interlocked.Increment(ref count) >= UpdatesALife)
                enough.TrySetResult();
            return Task.CompletedTask;
        };
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", gateway.MqttPort).WithClientId("crash").Build());
        await client.SubscribeAsync("$aws/things/crash/shadow/name/+/update/accepted", MqttQualityOfServiceLevel.AtLeastOnce);
        using var stop = new CancellationTokenSource();
        var publishing = PublishAsync(client, room, next, stop.Token);
        await enough.Task.WaitAsync(Patience);
        await gateway.KillAsync();                                                  // with updates on their way
        await stop.CancelAsync();
        await publishing;
    }

    private static async Task PublishAsync(IMqttClient client, SemaphoreSlim room, Dictionary<string, long> next, CancellationToken stop)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                await room.WaitAsync(stop);
                var name = string.Create(CultureInfo.InvariantCulture, $"s{i % Shadows:00}");
                next[name] = next.GetValueOrDefault(name) + 1;
                await client.PublishStringAsync($"$aws/things/crash/shadow/name/{name}/update", $$$$"""{"state":{"reported":{"n":{{{{next[name]}}}}}}}""", MqttQualityOfServiceLevel.AtMostOnce, retain: false, stop);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or MQTTnet.Exceptions.MqttCommunicationException or MQTTnet.Exceptions.MqttClientNotConnectedException)
        {
            // The gateway was killed.
        }
    }

    private static async Task<JsonElement> CliAsync(string folder, params string[] arguments)
    {
        var globals = new GlobalOptions();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.InvokeAsync(CommandLine.Create(globals, ServeCommand.Create(globals.Data)), [.. arguments, "--json", "--data", folder], output, error);
        Assert.True(code == 0, error.ToString());
        using var document = JsonDocument.Parse(output.ToString());
        return document.RootElement.Clone();
    }
}
