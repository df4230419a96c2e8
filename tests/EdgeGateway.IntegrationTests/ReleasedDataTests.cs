using System.Formats.Tar;
using System.IO.Compression;

namespace EdgeGateway.IntegrationTests;

/// <summary>The data folder of every release (tests/releases) comes up in the present program with all that is in it.</summary>
public sealed class ReleasedDataTests
{
    public static TheoryData<string> Releases => [.. Directory.GetFiles(Path.Combine(Programs.Repository, "tests", "releases"), "*.tar.gz").Select(static file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Releases))]
    public async Task DataFolder_OfRelease_ComesUpWhole(string release)
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;
        await using (var packed = new GZipStream(File.OpenRead(Path.Combine(Programs.Repository, "tests", "releases", release)), CompressionMode.Decompress))
            await TarFile.ExtractToDirectoryAsync(packed, folder, overwriteFiles: false);
        await using (var gateway = await RunningGateway.StartAsync(["listeners.mqtt.anonymous=true", "gateway.name=release"], folder))
        {
            await ShowsAsync(gateway, "lamp", "type", "list", "--json");
            await ShowsAsync(gateway, "porch", "device", "list", "--json");
            await ShowsAsync(gateway, "\"on\":true", "shadow", "get", "porch", "--json");
            await ShowsAsync(gateway, "copy", "rule", "list", "--json");
            await ShowsAsync(gateway, "AKIA", "access-key", "list", "--json");
            await ShowsAsync(gateway, "state/porch {\"on\":true}", "sub", "state/#", "-C", "1");
            var kept = await Programs.RunAsync("mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{gateway.MqttPort}", "-i", "sleeper", "-c", "-q", "1", "-t", "queue/#", "-C", "1"]);
            Assert.Equal("kept", kept.Succeeded().Output.Trim());
        }
        Directory.Delete(folder, recursive: true);
    }

    private static async Task ShowsAsync(RunningGateway gateway, string what, params string[] command) =>
        Assert.Contains(what, (await gateway.CliAsync(command)).Succeeded().Output.Replace(": ", ":", StringComparison.Ordinal), StringComparison.Ordinal);
}
