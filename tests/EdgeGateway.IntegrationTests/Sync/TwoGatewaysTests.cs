using System.Globalization;
using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>One gateway above another, by certificate: what goes up, what comes down, that nothing goes round, and what a refusal looks like.</summary>
public sealed class TwoGatewaysTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly string _files = Directory.CreateTempSubdirectory("edgegateway-files-").FullName;

    public void Dispose() => Directory.Delete(_files, recursive: true);

    [Theory]
    [InlineData("mqtts")]
    [InlineData("https")] // MQTT on the one HTTPS port, told apart by ALPN
    public async Task UpAndDown_ByCertificate_NothingGoesRound(string listener)
    {
        await using var plant = await RunningGateway.StartAsync(["gateway.name=plant", "listeners.mqtt.anonymous=true"]);
        (await plant.CliAsync("device", "add", "pi", "--out", _files, "--host", "localhost")).Succeeded();
        var port = listener == "https" ? plant.HttpsPort : plant.MqttsPort;
        await using var pi = await StartAsync(port, "device.pem", "device.key");

        await PublishAsync(pi, "sensors/room", "21");
        await UntilAsync(async () => await RetainedAsync(plant, "devices/pi/sensors/room") == "21");
        await PublishAsync(plant, "devices/pi/commands/fan", "on");
        Assert.Equal("on", await RetainedAsync(pi, "commands/fan"));
        await PublishAsync(pi, "sensors/room", "22"); // behind whatever might have gone round
        await UntilAsync(async () => await RetainedAsync(plant, "devices/pi/sensors/room") == "22");
        Assert.Equal("devices/pi/commands/fan devices/pi/sensors/room", string.Join(' ', (await TopicsAsync(plant, "devices/#")).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Refused_EachWithItsOwnWords()
    {
        await using var plant = await RunningGateway.StartAsync(["gateway.name=plant", "listeners.mqtt.anonymous=true"]);
        (await plant.CliAsync("device", "add", "pi", "--out", _files, "--host", "localhost")).Succeeded();
        await using (var other = await RunningGateway.StartAsync(["gateway.name=other"]))
            (await other.CliAsync("device", "add", "pi", "--out", Path.Combine(_files, "other"), "--host", "localhost")).Succeeded();

        await using (var stranger = await StartAsync(plant.MqttsPort, "other/device.pem", "other/device.key"))
            Assert.Contains(await ErrorOfAsync(stranger), static text => text.Contains("refused our credentials", StringComparison.Ordinal) || text.StartsWith("TLS with", StringComparison.Ordinal));
        await using (var blind = await StartAsync(plant.MqttsPort, "device.pem", "device.key", ["upstream.0.credentials.ca=" + Path.Combine(_files, "other/ca.pem")]))
            Assert.Contains(await ErrorOfAsync(blind), static text => text.Contains("not signed by an authority we trust", StringComparison.Ordinal));
        await using (var lost = await StartAsync(9, "device.pem", "device.key"))
            Assert.Contains(await ErrorOfAsync(lost), static text => text.Contains("nothing listens at localhost:9", StringComparison.Ordinal));
    }

    private Task<RunningGateway> StartAsync(int port, string certificate, string key, params string[] more) => RunningGateway.StartAsync(
    [
        "gateway.name=pi", "listeners.mqtt.anonymous=true", "upstream.0.name=plant", "upstream.0.kind=edgegateway", string.Create(CultureInfo.InvariantCulture, $"upstream.0.endpoint=mqtts://localhost:{port}"),
        $"upstream.0.credentials.certificate={Path.Combine(_files, certificate)}", $"upstream.0.credentials.key={Path.Combine(_files, key)}", $"upstream.0.credentials.ca={Path.Combine(_files, "ca.pem")}",
        "upstream.0.up.0.filter=#", "upstream.0.up.0.prefix=devices/pi/", "upstream.0.down.0.filter=devices/pi/commands/#", "upstream.0.down.0.stripPrefix=devices/pi/", .. more,
    ]);

    private static async Task PublishAsync(RunningGateway gateway, string topic, string payload) =>
        (await Programs.RunAsync("mosquitto_pub", ["-p", $"{gateway.MqttPort}", "-q", "1", "-r", "-t", topic, "-m", payload])).Succeeded();

    private static async Task<string> RetainedAsync(RunningGateway gateway, string topic) =>
        (await Programs.RunAsync("mosquitto_sub", ["-p", $"{gateway.MqttPort}", "-t", topic, "-C", "1", "-W", "30"])).Output.Trim();

    private static async Task<string[]> TopicsAsync(RunningGateway gateway, string filter) =>
        (await Programs.RunAsync("mosquitto_sub", ["-p", $"{gateway.MqttPort}", "-t", filter, "-F", "%t", "--retained-only", "-C", "2", "-W", "10"])).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string[]> ErrorOfAsync(RunningGateway gateway)
    {
        string[] said = [];
        await UntilAsync(async () =>
        {
            using var upstreams = JsonDocument.Parse((await gateway.CliAsync("upstream", "list", "--json")).Succeeded().Output);
            var upstream = upstreams.RootElement[0];
            Assert.Equal(JsonValueKind.Null, upstream.GetProperty("connectedSince").ValueKind);
            said = upstream.GetProperty("lastError") is { ValueKind: JsonValueKind.String } error ? [error.GetString()!] : [];
            return said.Length > 0;
        });
        return said;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await holds())
            await look.WaitForNextTickAsync(limit.Token);
    }
}
