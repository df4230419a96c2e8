using System.Globalization;

namespace EdgeGateway.IntegrationTests.Sync;

/// <summary>
/// Many messages over a line that cuts, stalls, resets and repeats, with the gateway killed in between: nothing is missing above, nothing
/// out of order within a topic, and what comes twice says so.
/// </summary>
public sealed class FaultyLineTests
{
    private const int Keys = 10, PacketsBetweenFaults = 150;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // EDGEGATEWAY_LINE_SEEDS and _MESSAGES make it long.
    private static int Seeds => Number("EDGEGATEWAY_LINE_SEEDS", 2);

    private static int Messages => Number("EDGEGATEWAY_LINE_MESSAGES", 1500);

    public static TheoryData<int> AllSeeds => [.. Enumerable.Range(1, Seeds)];

    [Theory]
    [MemberData(nameof(AllSeeds))]
    public async Task Messages_OverABadLineWithKills_ComeInOrderAndTwiceOnlyMarked(int seed)
    {
        using var limit = new CancellationTokenSource(Patience);
        var random = new Random(seed);
        var folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;
        await using var mosquitto = await Mosquitto.StartNewAsync();
        await using var collector = new KeyedCollector();
        await collector.ConnectAsync(mosquitto.Port, "site/load/#", limit.Token);
        await using var line = new FaultProxy(mosquitto.Port, seed, PacketsBetweenFaults);
        await using var publisher = new KeyedPublisher(Keys);
        string[] arguments = [.. Settings(line.Port).SelectMany(static setting => new[] { "--set", setting })];
        var gateway = await GatewayProcess.StartAsync(folder, arguments);
        publisher.BrokerIsAt(gateway.MqttPort);
        var publishing = publisher.PublishAsync(Messages / Keys, limit.Token);
        for (var kill = 1; kill <= 3; kill++)
        {
            await AcknowledgedAsync(publisher, (Messages * kill / 4) + random.Next(Messages / 10), publishing, limit.Token);
            publisher.BrokerIsGone();
            await gateway.KillAsync();
            await gateway.DisposeAsync();
            gateway = await GatewayProcess.StartAsync(folder, arguments);
            publisher.BrokerIsAt(gateway.MqttPort);
        }
        await publishing;
        line.Heal();
        await collector.HasAsync(Messages / Keys * Keys, limit.Token);

        Assert.True(line.Faults > 0);
        foreach (var (key, came) in collector.Came)
        {
            var firsts = new HashSet<int>();
            var last = 0;
            foreach (var (number, isMarked) in came)
            {
                if (firsts.Add(number))
                {
                    Assert.Equal(last + 1, number);
                    last = number;
                }
                else
                    Assert.True(isMarked || publisher.Repeated.ContainsKey((key, number)), $"seed {seed}: {number} of key {key} came again unmarked");
            }
            Assert.Equal(Messages / Keys, last);
        }
        Assert.Equal(0, await gateway.StopAsync());
        await gateway.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static string[] Settings(int port) =>
    [
        "listeners.mqtt.anonymous=true", "upstream.0.name=plant", "upstream.0.kind=mqtt", $"upstream.0.endpoint=mqtt://127.0.0.1:{port}",
        "upstream.0.up.0.filter=load/#", "upstream.0.up.0.prefix=site/", "upstream.0.acknowledgeTimeout=1s",
    ];

    private static async Task AcknowledgedAsync(KeyedPublisher publisher, int number, Task publishing, CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (publisher.Acknowledged < number && !publishing.IsCompleted)
            await look.WaitForNextTickAsync(cancellationToken);
    }

    private static int Number(string variable, int absent) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : absent;
}
