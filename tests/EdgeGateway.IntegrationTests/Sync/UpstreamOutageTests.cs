namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>What people buy a gateway for: the line upward fails, the power fails, and every acknowledged message arrives above, in order.</summary>
public sealed class UpstreamOutageTests
{
    private const int Messages = 3000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Upstream_StoppedUnderLoadAndGatewayKilled_EveryNumberArrivesInOrder()
    {
        using var limit = new CancellationTokenSource(Patience);
        var folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;
        await using var mosquitto = await Mosquitto.StartNewAsync();
        await using var collector = new NumberCollector("site/load", mosquitto.Port);
        await collector.ConnectAsync(limit.Token);
        await using var publisher = new NumberedPublisher("load");
        string[] arguments = [.. Settings(mosquitto.Port).SelectMany(static setting => new[] { "--set", setting })];
        var gateway = await GatewayProcess.StartAsync(folder, arguments);
        publisher.BrokerIsAt(gateway.MqttPort);
        var publishing = publisher.PublishAsync(Messages, limit.Token);

        await AcknowledgedAsync(publisher, Messages / 6, limit.Token);
        await mosquitto.StopAsync(); // the upstream is gone
        await AcknowledgedAsync(publisher, Messages / 3, limit.Token);
        publisher.BrokerIsGone();
        await gateway.KillAsync();   // and now the power
        await gateway.DisposeAsync();
        gateway = await GatewayProcess.StartAsync(folder, arguments);
        publisher.BrokerIsAt(gateway.MqttPort);
        await AcknowledgedAsync(publisher, Messages * 2 / 3, limit.Token);
        await mosquitto.StartAsync();
        await collector.ConnectAsync(limit.Token);
        await publishing;
        await collector.HasAsync(Messages, limit.Token);

        Assert.Equal(Enumerable.Range(1, Messages), collector.Numbers.Distinct());
        var exitCode = await gateway.StopAsync();
        Assert.True(exitCode == 0, $"the gateway ended with {exitCode}:\n{string.Join('\n', gateway.Log)}");
        Assert.False(gateway.Log.Any(static line => line.Contains(" fatal ", StringComparison.Ordinal) || line.Contains(" error ", StringComparison.Ordinal)), string.Join('\n', gateway.Log));
        await gateway.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static string[] Settings(int port) =>
    [
        "listeners.mqtt.anonymous=true", "upstream.0.name=plant", "upstream.0.kind=mqtt", $"upstream.0.endpoint=mqtt://127.0.0.1:{port}",
        "upstream.0.up.0.filter=load", "upstream.0.up.0.prefix=site/",
    ];

    private static async Task AcknowledgedAsync(NumberedPublisher publisher, int number, CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (publisher.Acknowledged < number)
            await look.WaitForNextTickAsync(cancellationToken);
    }
}
