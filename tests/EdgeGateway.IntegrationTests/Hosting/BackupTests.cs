using System.Globalization;

namespace EdgeGateway.IntegrationTests.Hosting;

/// <summary><c>edgegateway backup</c> and <c>restore</c> against a running gateway.</summary>
[Trait("Category", "Smoke")]
public sealed class BackupTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("edgegateway-").FullName;

    private string Data => Path.Combine(_parent, "data");
    private string File => Path.Combine(_parent, "gateway.backup");

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public async Task Restore_WhileRunning_BringsTheStateOfTheBackup()
    {
        await using var gateway = await GatewayProcess.StartAsync(Data, "--demo", "--set", "listeners.mqtt.port=0");
        await PublishAsync(gateway.MqttPort, "kept/note", "before");
        var certificate = await System.IO.File.ReadAllTextAsync(Path.Combine(Data, "ca", "ca.pem"));
        (await GatewayProcess.RunAsync("backup", File, "--data", Data)).Succeeded();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        await PublishAsync(gateway.MqttPort, "kept/note", "after");

        (await GatewayProcess.RunAsync("restore", File, "--data", Data)).Succeeded();

        var port = MqttPort(); // the same process listens again, where it was free
        var note = await Programs.RunAsync("mosquitto_sub", ["-h", "127.0.0.1", "-p", port, "-t", "kept/note", "-C", "1", "-W", "60"]);
        Assert.Equal("before", note.Succeeded().Output.Trim());
        Assert.Equal(certificate, await System.IO.File.ReadAllTextAsync(Path.Combine(Data, "ca", "ca.pem")));
        Assert.True(Directory.Exists(Path.Combine(Data, "before-restore-1", "broker")));
        Assert.Equal(0, await gateway.StopAsync());
    }

    [Fact]
    public async Task Restore_NotABackup_IsRefusedInOneLine_AndTheGatewayGoesOn()
    {
        await using var gateway = await GatewayProcess.StartAsync(Data, "--demo");
        await System.IO.File.WriteAllTextAsync(File, "no archive");

        var refused = await GatewayProcess.RunAsync("restore", File, "--data", Data);

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("edgegateway: this is not a whole backup", refused.Errors, StringComparison.Ordinal);
        Assert.Single(refused.Errors.Trim().Split('\n'));
        await PublishAsync(gateway.MqttPort, "a", "b");
    }

    [Fact]
    public async Task Backup_IntoAFolderThatIsNotThere_SaysSo()
    {
        await using var gateway = await GatewayProcess.StartAsync(Data);

        var refused = await GatewayProcess.RunAsync("backup", Path.Combine(_parent, "missing", "file"), "--data", Data);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("could not be written", refused.Errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(Data, "backup-*"));
    }

    private string MqttPort()
    {
        using var endpoints = System.Text.Json.JsonDocument.Parse(System.IO.File.ReadAllText(Path.Combine(Data, "endpoints.json")));
        return endpoints.RootElement.GetProperty("mqtt").GetString()!.Split(':')[^1];
    }

    private static async Task PublishAsync(int port, string topic, string text) =>
        (await Programs.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-q", "1", "-r", "-t", topic, "-m", text])).Succeeded();
}
