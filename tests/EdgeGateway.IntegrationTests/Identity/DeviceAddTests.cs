using System.Text.Json;
using EdgeGateway.IntegrationTests.Broker;
using EdgeGateway.Messaging;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>A device from nothing to its first message, by the command line alone and with clients of others.</summary>
public sealed class DeviceAddTests
{
    [Fact]
    public async Task DeviceAdd_PrintedLine_PublishesAndWithoutTheCertificateIsRefused()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        var sink = new CountingSink();
        using var subscription = gateway.Services.GetRequiredService<IMessageBus>().Subscribe("devices/lamp/telemetry", sink);

        var added = (await gateway.CliAsync("device", "add", "lamp", "--out", folder.Path)).Succeeded();
        var line = added.Output.Split('\n').Single(static text => text.StartsWith("mosquitto_pub ", StringComparison.Ordinal));
        var published = await Programs.RunAsync("sh", ["-c", line]);
        var stranger = await Programs.RunAsync("sh", ["-c", line.Replace($"--cert {folder.Path}/device.pem --key {folder.Path}/device.key ", "", StringComparison.Ordinal)]);

        published.Succeeded();
        Assert.NotEqual(0, stranger.ExitCode);
        Assert.Equal(1, sink.Messages);
        Assert.Equal(["ca.pem", "connect.json", "device.key", "device.pem"], Directory.GetFiles(folder.Path).Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "device.key")));
        using var connect = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, "connect.json")));
        Assert.Equal(("127.0.0.1", gateway.MqttsPort), (connect.RootElement.GetProperty("endpoint").GetString(), connect.RootElement.GetProperty("port").GetInt32()));
        Assert.Equal("devices/lamp/telemetry", connect.RootElement.GetProperty("topics").GetProperty("telemetry").GetString());
    }

    [Fact]
    public async Task DeviceAdd_TwiceOrIntoAUsedFolder_RefusedInOneLineAndTheFirstStays()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        (await gateway.CliAsync("device", "add", "lamp", "--out", folder.In("a"), "--json")).Succeeded();

        var twice = await gateway.CliAsync("device", "add", "lamp", "--out", folder.In("b"));
        var used = await gateway.CliAsync("device", "add", "other", "--out", folder.In("a"));

        Assert.Equal((1, 1), (twice.ExitCode, used.ExitCode));
        Assert.Contains("device lamp exists", Assert.Single(twice.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Contains("choose another folder", Assert.Single(used.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        using var devices = JsonDocument.Parse((await gateway.CliAsync("device", "list", "--json")).Succeeded().Output);
        Assert.Equal("lamp", Assert.Single(devices.RootElement.EnumerateArray()).GetProperty("name").GetString());
    }

    [Fact]
    public async Task DeviceAdd_BundleForTheAwsSdk_ItsProgramPublishes()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        var sink = new CountingSink();
        using var subscription = gateway.Services.GetRequiredService<IMessageBus>().Subscribe("devices/pump/telemetry", sink);

        (await gateway.CliAsync("device", "add", "pump", "--out", folder.Path, "--for", "aws-sdk", "--for", "esp-idf", "--for", "arduino", "--for", "esphome", "--for", "mosquitto")).Succeeded();
        var program = await Programs.RunAsync("node", [Path.Combine(folder.Path, "device.js")], new Dictionary<string, string> { ["NODE_PATH"] = Path.Combine(Programs.NodeFolder, "node_modules") });
        var script = await Programs.RunAsync(Path.Combine(folder.Path, "publish.sh"), ["{}"]);

        Assert.Contains("reason code 0", program.Succeeded().Output, StringComparison.Ordinal);
        script.Succeeded();
        Assert.Equal(2, sink.Messages);
        var header = await File.ReadAllTextAsync(Path.Combine(folder.Path, "edgegateway_credentials.h"));
        Assert.Contains("\"-----BEGIN CERTIFICATE-----\\n\"", header, StringComparison.Ordinal);
        Assert.Contains($"port: {gateway.MqttsPort}", await File.ReadAllTextAsync(Path.Combine(folder.Path, "esphome.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeviceAdd_ForTasmota_UserNameAndPasswordConnectUnderItsOwnPolicy()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();

        var added = (await gateway.CliAsync("device", "add", "plug", "--out", folder.Path, "--for", "tasmota")).Succeeded();
        var line = added.Output.Split('\n').Single(static text => text.StartsWith("mosquitto_pub ", StringComparison.Ordinal));
        var own = await Programs.RunAsync("sh", ["-c", line]);
        var foreign = await Programs.RunAsync("sh", ["-c", line.Replace("-t devices/plug/telemetry", "-t devices/other/telemetry -V mqttv5", StringComparison.Ordinal)]);
        var wrong = await Programs.RunAsync("sh", ["-c", line.Replace("$(cat ", "x$(cat ", StringComparison.Ordinal)]);

        own.Succeeded();
        Assert.Contains("Not authorized", foreign.Output + foreign.Errors, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("MqttUser plug; MqttPassword", await File.ReadAllTextAsync(Path.Combine(folder.Path, "tasmota.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DeviceRemove_OfALiveDevice_ClosesItAndItsLineWorksNoMore()
    {
        await using var gateway = await RunningGateway.StartAsync();
        using var folder = new TemporaryFolder();
        var added = (await gateway.CliAsync("device", "add", "lamp", "--out", folder.Path)).Succeeded();
        using var live = await SecureClient.OpenAsync(gateway, folder.Path, "lamp");

        (await gateway.CliAsync("device", "remove", "lamp")).Succeeded();

        Assert.True(await live.IsClosedAsync());
        var line = added.Output.Split('\n').Single(static text => text.StartsWith("mosquitto_pub ", StringComparison.Ordinal));
        Assert.NotEqual(0, (await Programs.RunAsync("sh", ["-c", line])).ExitCode);
    }
}
