using System.Globalization;
using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>The outbox's file system is full: devices are answered as ever, the rest of the gateway goes on, and what there was room for goes up.</summary>
public sealed class FullDiskTests
{
    private const int Messages = 60, Bytes = 100_000;

    [Fact]
    public async Task Disk_FullUnderTheOutbox_DropsTheOldest_AndHarmsNobody()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var mosquitto = await Mosquitto.StartNewAsync();
        await mosquitto.StopAsync(); // a port that nobody else takes
        await using var disk = await SmallDisk.MountAsync("sync", "5m");
        await using var gateway = await RunningGateway.StartAsync(
            [
                "listeners.mqtt.anonymous=true", "upstream.0.name=plant", $"upstream.0.endpoint=mqtt://127.0.0.1:{mosquitto.Port}", "upstream.0.up.0.filter=load/#", "upstream.0.limits.bytes=16MB",
            ],
            disk.DataFolder);
        var filler = new string(' ', Bytes);
        for (var number = 1; number <= Messages; number++)
            (await Programs.RunAsync("mosquitto_pub", ["-p", Text(gateway.MqttPort), "-q", "1", "-t", "load/0", "-s"], input: number.ToString(CultureInfo.InvariantCulture) + filler)).Succeeded();
        (await Programs.RunAsync("mosquitto_pub", ["-p", Text(gateway.MqttPort), "-q", "1", "-r", "-t", "other", "-m", "goes on"])).Succeeded();
        Assert.Equal("goes on", (await Programs.RunAsync("mosquitto_sub", ["-p", Text(gateway.MqttPort), "-t", "other", "-C", "1", "-W", "30"])).Succeeded().Output.Trim());
        using var status = JsonDocument.Parse((await gateway.CliAsync("upstream", "list", "--json")).Succeeded().Output);
        var (waiting, dropped) = (status.RootElement[0].GetProperty("backlogMessages").GetInt32(), status.RootElement[0].GetProperty("dropped").GetInt32());
        Assert.InRange(waiting, 5, 50);
        Assert.Equal(Messages, waiting + dropped);

        await using var collector = new KeyedCollector();
        await mosquitto.StartAsync();
        await collector.ConnectAsync(mosquitto.Port, "load/#", limit.Token);
        (await gateway.CliAsync("upstream", "connect", "plant")).Succeeded();
        await collector.HasAsync(waiting, limit.Token);

        Assert.Equal(Enumerable.Range(Messages - waiting + 1, waiting), collector.Came[0].Select(static each => each.Number));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
