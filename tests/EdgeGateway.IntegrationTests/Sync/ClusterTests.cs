using System.Diagnostics;
using System.Globalization;

namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>Past one machine: many gateways feed a cluster of three brokers, one of which dies under load.</summary>
public sealed class ClusterTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // EDGEGATEWAY_CLUSTER_GATEWAYS and _MESSAGES make it large.
    private static int Gateways => Number("EDGEGATEWAY_CLUSTER_GATEWAYS", 10);

    private static int Messages => Number("EDGEGATEWAY_CLUSTER_MESSAGES", 50);

    [Fact]
    public async Task Cluster_ANodeKilledUnderLoad_HasEveryMessageOfEveryGatewayInOrder()
    {
        using var limit = new CancellationTokenSource(Patience);
        var folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;
        await using var cluster = await NatsCluster.StartNewAsync();
        await using var collector = new KeyedCollector();
        await collector.ConnectAsync(cluster.MqttPorts[0], "load/#", limit.Token, version5: false);
        var start = Stopwatch.GetTimestamp();
        var gateways = Enumerable.Range(0, Gateways).Select(number => new SimulatedGateway(number, folder, Enumerable.Range(0, 3).Select(node => cluster.MqttPorts[(number + node) % 3]), "protocol=3.1.1", "limits.bytes=8MB")).ToList();
        for (var message = 1; message <= Messages; message++)
        {
            foreach (var gateway in gateways)
                gateway.Publish(message);
            if (message == Messages / 2)
                await cluster.KillAsync(2); // a third of the gateways is connected to it
        }
        await collector.HasAsync(Gateways * Messages, limit.Token);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Gateways} gateways, {Gateways * Messages} messages in {seconds:0.0} s, {Gateways * Messages / seconds:0} a second, {collector.Came.Sum(static each => each.Value.Length) - (Gateways * Messages)} of them twice"));

        foreach (var (key, came) in collector.Came)
            Assert.Equal(Enumerable.Range(1, Messages), came.Select(static each => each.Number).Distinct());
        foreach (var gateway in gateways)
            await gateway.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static int Number(string variable, int absent) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : absent;
}
