using System.Text.Json;

namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>What was answered is there after a kill -9: devices, and that they are revoked.</summary>
public sealed class KilledTests
{
    [Fact]
    public async Task DeviceAddedAndRevoked_KilledEachTime_Stays()
    {
        using var folder = new TemporaryFolder();
        var data = folder.In("data");
        string line;
        string id;
        int port;
        await using (var first = await GatewayProcess.StartAsync(data))
        {
            using var device = JsonDocument.Parse((await CliAsync(data, "device", "add", "lamp", "--out", folder.In("lamp"), "--json")).Succeeded().Output);
            await first.KillAsync();
            (line, id, port) = (device.RootElement.GetProperty("command").GetString()!, device.RootElement.GetProperty("certificateId").GetString()!, first.MqttsPort);
        }
        await using (var second = await GatewayProcess.StartAsync(data))
        {
            (await Programs.RunAsync("sh", ["-c", line.Replace($"-p {port} ", $"-p {second.MqttsPort} ", StringComparison.Ordinal)])).Succeeded();
            (await CliAsync(data, "cert", "revoke", id)).Succeeded();
            await second.KillAsync();
        }
        await using var third = await GatewayProcess.StartAsync(data);
        var refused = await Programs.RunAsync("sh", ["-c", line.Replace($"-p {port} ", $"-p {third.MqttsPort} ", StringComparison.Ordinal)]);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains(third.Log, entry => entry.Contains($"certificate {id} is REVOKED", StringComparison.Ordinal));
    }

    private static Task<ProgramResult> CliAsync(string data, params string[] arguments)
    {
        var binary = Environment.GetEnvironmentVariable("EDGEGATEWAY_BINARY");
        string[] program = binary is { Length: > 0 } ? [] : [Path.Combine(AppContext.BaseDirectory, "edgegateway.dll")];
        return Programs.RunAsync(binary is { Length: > 0 } ? binary : "dotnet", [.. program, .. arguments, "--data", data]);
    }
}
