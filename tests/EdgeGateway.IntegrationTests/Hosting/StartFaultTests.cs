using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace EdgeGateway.IntegrationTests.Hosting;

/// <summary>A start that cannot succeed ends with exit code 1 and lines that say what, where and what to do; it leaves nothing behind.</summary>
[Trait("Category", "Smoke")]
public sealed class StartFaultTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("edgegateway-").FullName;

    private string Data => Path.Combine(_parent, "data");

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public async Task WrongConfiguration_NamesEveryFault_AndTouchesNothing()
    {
        var file = Path.Combine(_parent, "edgegateway.yaml");
        await File.WriteAllTextAsync(file, "listeners:\n  http: { port: 99999 }\n  mqtt: { prot: 1883 }\nsensors:\n  - { name: s, driver: bme208, bus: i2c-1 }\n");

        var refused = await GatewayProcess.RunAsync("serve", "--config", file, "--data", Data);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"{file}:2", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("listeners.http.port", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("listeners.mqtt.prot", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("bme208", refused.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
        var check = await GatewayProcess.RunAsync("config", "check", file);
        Assert.Equal((1, refused.Errors), (check.ExitCode, check.Errors));
    }

    [Fact]
    public async Task SecondInstance_IsToldAboutTheFirst()
    {
        await using var first = await GatewayProcess.StartAsync(Data);

        var refused = await ServeAsync();

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"the data folder {Data} is in use", refused.Errors, StringComparison.Ordinal);
        Assert.Contains($"(process {first.Id})", refused.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Data, "endpoints.json")), "the first one's file is gone");
        var status = await GatewayProcess.RunAsync("status", "--data", Data);
        Assert.True(status.ExitCode < 2, $"the first one no longer answers: {status}");
    }

    [Theory]
    [InlineData("mqtt")]
    [InlineData("mqtts")]
    [InlineData("http")]
    [InlineData("https")]
    public async Task PortInUse_NamesPortOwnerAndKey(string name)
    {
        using var owner = new TcpListener(IPAddress.Loopback, 0);
        owner.Start();
        var port = ((IPEndPoint)owner.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);

        var refused = await ServeAsync("--set", $"listeners.{name}.port={port}");

        Assert.Equal(1, refused.ExitCode);
        var line = Assert.Single(refused.Errors.Trim().Split('\n'), static line => line.StartsWith("edgegateway: ", StringComparison.Ordinal));
        Assert.Contains($"port {port} of listeners.{name} is in use by", line, StringComparison.Ordinal);
        Assert.Contains($"(process {Environment.ProcessId})", line, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Data, "endpoints.json")));
    }

    [Fact]
    public async Task DataFolderOfTheKernel_CannotBeWritten()
    {
        var refused = await GatewayProcess.RunAsync("serve", "--data", "/proc/edgegateway");

        Assert.Equal(1, refused.ExitCode);
        Assert.StartsWith("edgegateway: the data folder /proc/edgegateway cannot be written", refused.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DamagedDatabase_IsKeptAside_AndTheGatewayComesUp()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "gateway.db"), new string('x', 20_000));

        await using var gateway = await GatewayProcess.StartAsync(Data);

        Assert.Equal(new string('x', 20_000), await File.ReadAllTextAsync(Path.Combine(Data, "gateway.db.corrupt-1")));
        Assert.Contains(gateway.Log, static line => line.Contains("was damaged: kept as", StringComparison.Ordinal));
        var status = await GatewayProcess.RunAsync("status", "--data", Data);
        Assert.Equal(1, status.ExitCode);
        Assert.Contains("gateway.db.corrupt-1", status.Output, StringComparison.Ordinal);
    }

    private Task<ProgramResult> ServeAsync(params string[] arguments) => GatewayProcess.RunAsync(
    [
        "serve", "--data", Data,
        .. new[] { "mqtt", "mqtts", "https", "http" }.SelectMany(static name => new[] { "--set", $"listeners.{name}.address=127.0.0.1", "--set", $"listeners.{name}.port=0" }),
        .. arguments,
    ]);
}
