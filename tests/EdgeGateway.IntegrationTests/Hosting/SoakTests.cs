using System.Diagnostics;
using System.Globalization;

namespace EdgeGateway.IntegrationTests.Hosting;

/// <summary>The demo under a steady load, killed now and then: every number arrives at least once and in order, memory stays bounded.</summary>
[Trait("Category", "Soak")]
public sealed class SoakTests : IDisposable
{
    private const int Batch = 200;
    private const long MaxResidentKilobytes = 250_000; // of the run-time compiler's process; the native one holds a quarter
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegateway-").FullName;

    private static TimeSpan Duration =>
        TimeSpan.FromSeconds(double.TryParse(Environment.GetEnvironmentVariable("EDGEGATEWAY_SOAK_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 5);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task PublishedAndKilled_EveryNumberArrivesInOrder()
    {
        var (sent, received) = (0, 0);
        await SubscribeOnceAsync();
        var start = Stopwatch.GetTimestamp();
        do
        {
            await using var gateway = await StartAsync();
            for (var batch = 0; batch < 4; batch++)
            {
                await PublishAsync(gateway.MqttPort, sent + 1, Batch);
                sent += Batch;
                Assert.InRange(ResidentKilobytes(gateway.Id), 1, MaxResidentKilobytes);
            }
            await gateway.KillAsync(); // all of it was acknowledged, none fetched yet
            await using var again = await StartAsync();
            while (received < sent)
                foreach (var number in await FetchAsync(again.MqttPort, sent - received))
                {
                    Assert.InRange(number, 1, received + 1); // one that came already may come again, none is left out
                    received = Math.Max(received, number);
                }
            Assert.DoesNotContain(again.Log, static line => line.Contains(" error ", StringComparison.Ordinal));
            Assert.Equal(0, await again.StopAsync());
        }
        while (Stopwatch.GetElapsedTime(start) < Duration);
    }

    // Fetching what is left connects the same client again at once, more often than a device may.
    private Task<GatewayProcess> StartAsync() => GatewayProcess.StartAsync(_folder, "--demo", "--set", "broker.connectRate=0");

    // A session that outlives its connection and every kill.
    private async Task SubscribeOnceAsync()
    {
        await using var gateway = await StartAsync();
        (await Programs.RunAsync("mosquitto_sub", [.. Session(gateway.MqttPort), "-E"])).Succeeded();
        Assert.Equal(0, await gateway.StopAsync());
    }

    private static async Task PublishAsync(int port, int first, int count)
    {
        var lines = string.Concat(Enumerable.Range(first, count).Select(static n => $"{n}\n"));
        (await Programs.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", Text(port), "-q", "1", "-t", "soak/n", "-l"], input: lines)).Succeeded();
    }

    private static async Task<IEnumerable<int>> FetchAsync(int port, int count)
    {
        var lines = (await Programs.RunAsync("mosquitto_sub", [.. Session(port), "-C", Text(count), "-W", "120"])).Succeeded().Output;
        return lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => int.Parse(line, CultureInfo.InvariantCulture));
    }

    private static string[] Session(int port) => ["-h", "127.0.0.1", "-p", Text(port), "-q", "1", "-t", "soak/n", "-i", "soak", "-c"];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static long ResidentKilobytes(int process) =>
        long.Parse(File.ReadLines($"/proc/{process}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
