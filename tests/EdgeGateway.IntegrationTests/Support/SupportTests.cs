namespace EdgeGateway.IntegrationTests;

public sealed class SupportTests
{
    [Fact]
    public async Task RunningGateway_Started_AnswersStatusOverItsSocket()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var status = await gateway.CliAsync("status", "--json");
        Assert.Contains("\"state\":", status.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GatewayProcess_KilledAndStartedAgain_IsReadyAgain()
    {
        var folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;
        await using (var first = await GatewayProcess.StartAsync(folder))
            await first.KillAsync();
        await using (var second = await GatewayProcess.StartAsync(folder))
            Assert.Equal(0, await second.StopAsync());
        Directory.Delete(folder, recursive: true);
    }
}
