using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Broker;

/// <summary>What an operator sees and does: API, command line, metrics, maintenance.</summary>
public sealed class OperationsTests
{
    private static readonly string[] Open = ["listeners.mqtt.anonymous=true"];

    [Fact]
    public async Task Clients_AreListedShownAndKicked()
    {
        await using var gateway = await RunningGateway.StartAsync(Open);
        using var client = await RawClient.OpenAsync(gateway.MqttPort, "pump/7");
        await client.SendAsync(Packets.Subscribe(1, "work/#", 1));
        await client.ReadAsync();
        await client.SendAsync(Packets.Publish("work/1", "x", 1, id: 1));
        await client.ReadAsync();

        var list = JsonDocument.Parse((await gateway.CliAsync("client", "list", "--json")).Succeeded().Output).RootElement;
        var entry = Assert.Single(list.EnumerateArray(), static one => one.GetProperty("clientId").GetString() == "pump/7");
        Assert.True(entry.GetProperty("connected").GetBoolean());
        Assert.Equal("MQTT 5.0 over mqtt", entry.GetProperty("protocol").GetString());
        Assert.Equal(1, entry.GetProperty("inFlight").GetInt32());

        var shown = JsonDocument.Parse((await gateway.CliAsync("client", "show", "pump/7", "--json")).Succeeded().Output).RootElement;
        Assert.Equal("work/#", shown.GetProperty("filters")[0].GetProperty("filter").GetString());
        Assert.Contains("work/1", (await gateway.CliAsync("client", "queue", "pump/7")).Succeeded().Output, StringComparison.Ordinal);

        (await gateway.CliAsync("client", "kick", "pump/7")).Succeeded();
        Assert.True(await client.IsClosedAsync());
        var gone = await gateway.CliAsync("client", "show", "pump/7");
        for (var tries = 0; gone.ExitCode == 0 && tries < 100; tries++) // the session goes right after the socket
            gone = await gateway.CliAsync("client", "show", "pump/7");
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("there is no client", gone.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_HasTheBrokersNumbers_AndMetricsTheSame()
    {
        await using var gateway = await RunningGateway.StartAsync(Open);
        using var client = await RawClient.OpenAsync(gateway.MqttPort, "one");
        await client.SendAsync(Packets.Publish("a", "12345", 1, id: 1, retain: true));
        await client.ReadAsync();
        using var control = gateway.ControlClient();
        var broker = await control.GetFromJsonAsync<JsonElement>("edge/v1/broker");
        Assert.Equal(1, broker.GetProperty("connections").GetInt32());
        Assert.Equal(1, broker.GetProperty("retained").GetInt32());
        Assert.True(broker.GetProperty("bytesIn").GetInt64() >= 5);
        var status = await control.GetFromJsonAsync<JsonElement>("edge/v1/status");
        Assert.Equal(1, status.GetProperty("broker").GetProperty("connections").GetInt32());
        using var http = new HttpClient { BaseAddress = gateway.Http };
        var metrics = await http.GetStringAsync("metrics");
        Assert.Contains("\nedgegateway_mqtt_connections 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("edgegateway_component_healthy{component=\"broker-log\"} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tap_ShowsWhatPasses_AtABoundedRate()
    {
        await using var gateway = await RunningGateway.StartAsync(Open);
        using var control = gateway.ControlClient();
        using var response = await control.GetAsync("edge/v1/tap?filter=tap/%23&rate=2", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        using var client = await RawClient.OpenAsync(gateway.MqttPort, "talker");
        for (var i = 0; i < 10; i++)
            await client.SendAsync(Packets.Publish($"tap/{i}", $"m{i}"));
        var first = JsonDocument.Parse((await lines.ReadLineAsync())!).RootElement;
        Assert.Equal("tap/0", first.GetProperty("topic").GetString());
        Assert.Equal("m0", first.GetProperty("payload").GetString());
        Assert.Equal("talker", first.GetProperty("clientId").GetString());
        await Task.Delay(1100); // the next second has room again
        await client.SendAsync(Packets.Publish("tap/last", "\u0001"));
        var (shown, skipped) = (1, first.TryGetProperty("skippedBefore", out var early) ? early.GetInt32() : 0);
        for (var topic = ""; topic != "tap/last"; shown++)
        {
            var line = JsonDocument.Parse((await lines.ReadLineAsync())!).RootElement;
            topic = line.GetProperty("topic").GetString();
            skipped += line.TryGetProperty("skippedBefore", out var before) ? before.GetInt32() : 0;
        }
        Assert.Equal(11, shown + skipped); // every message is either shown or counted
        Assert.InRange(shown, 3, 5);       // two a second, over two seconds at most, and the last
    }

    [Fact]
    public async Task Maintenance_SendsClientsElsewhere_AndLetsThemInAgain()
    {
        await using var gateway = await RunningGateway.StartAsync(Open);
        using var five = await RawClient.OpenAsync(gateway.MqttPort, "five");
        (await gateway.CliAsync("maintenance", "on", "--redirect", "other.local:8883")).Succeeded();
        var goodbye = await five.ReadAsync();
        Assert.Equal([0xE0, 0x9C], [goodbye[0], goodbye[2]]);
        Assert.Contains("other.local:8883", Encoding.UTF8.GetString(goodbye), StringComparison.Ordinal);
        using (var refused = await RawClient.ConnectAsync(gateway.MqttPort))
        {
            await refused.SendAsync(Packets.Connect("five"));
            Assert.Equal(0x9C, (await refused.ReadAsync())[3]);
        }
        using (var old = await RawClient.ConnectAsync(gateway.MqttPort))
        {
            await old.SendAsync(Packets.Connect("four", version: 4));
            Assert.Equal([0x20, 2, 0, 3], await old.ReadAsync());
        }
        (await gateway.CliAsync("maintenance", "off")).Succeeded();
        using var again = await RawClient.OpenAsync(gateway.MqttPort, "five");
    }

    [Fact]
    public async Task SystemTopics_AreRetainedStatistics()
    {
        await using var gateway = await RunningGateway.StartAsync([.. Open, "broker.sysInterval=1s"]);
        using var client = await RawClient.OpenAsync(gateway.MqttPort, "one");
        await client.SendAsync(Packets.Subscribe(1, "$SYS/broker/clients/connected"));
        Assert.Equal(0, (await client.ReadAsync())[^1]);
        Assert.Contains("$SYS/broker/clients/connected", Encoding.UTF8.GetString(await client.ReadAsync()), StringComparison.Ordinal);
    }
}
