using System.Globalization;
using EdgeGateway.Storage.Log;
using Xunit;

namespace EdgeGateway.Tests.Broker;

/// <summary>
/// Random clients, QoS, disconnects, restarts and power cuts against clients that keep to the standard (MQTT 5.0 §4.3, §4.4, §4.6): what
/// was acknowledged arrives, at QoS 2 once, in the order it was sent.
/// </summary>
public sealed class BrokerModelTests
{
    private const int Seeds = 200;
    private const int Steps = 150;
    private static readonly SegmentedLogOptions Small = new() { SegmentBytes = 4 << 10, MaxBatchBytes = 1 << 10 }; // so that checkpoints let go of some

    [Fact]
    public async Task Broker_RandomHistories_LosesRepeatsAndReordersNothing()
    {
        var more = int.TryParse(Environment.GetEnvironmentVariable("EDGEGATEWAY_MODEL_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var seeds) ? seeds : Seeds;
        for (var seed = 0; seed < more; seed++)
        {
            try
            {
                await RunAsync(seed);
            }
            catch (Exception ex)
            {
                throw new InvalidOperationException($"seed {seed}: {ex.Message}", ex);
            }
        }
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var host = EngineHost.Start(log: Small);
        ModelClient[] publishers = [new("p0"), new("p1")];
        ModelClient[] subscribers = [new("s0"), new("s1")];
        ModelClient[] all = [.. publishers, .. subscribers];
        foreach (var client in all)
            await client.ConnectAsync(host);
        foreach (var subscriber in subscribers)
        {
            subscriber.Subscribe("t/#");
            host.Commit();
            subscriber.Pump(static () => false);
        }
        for (var step = 0; step < Steps; step++)
        {
            var client = all[random.Next(all.Length)];
            switch (random.Next(14))
            {
                case < 5:
                    publishers[random.Next(publishers.Length)].Publish(random.Next(3));
                    break;
                case < 9:
                    client.Pump(() => random.Next(10) == 0);
                    break;
                case 9:
                    client.Drop();
                    break;
                case 10:
                    await client.ConnectAsync(host);
                    break;
                case 11 when random.Next(3) == 0:
                    host = Restart(host, random);
                    foreach (var lost in all)
                        lost.Lose();
                    break;
                case 12 when random.Next(4) == 0:
                    host.Journal.Checkpoint(host.Sessions, host.Router.Retained);
                    break;
                case 13 when random.Next(3) == 0:
                    host.Write(); // the look at what became durable comes later, as on a busy machine
                    break;
                default:
                    host.Commit();
                    break;
            }
        }
        await SettleAsync(host, all);
        foreach (var subscriber in subscribers)
            foreach (var publisher in publishers)
                Compare(publisher, subscriber);
    }

    // Every second end is a power cut, which may lose, keep or tear each sector that was not synced.
    private static EngineHost Restart(EngineHost host, Random random)
    {
        var disk = random.Next(2) == 0 ? host.Disk.Crash(random) : Stopped(host);
        var again = EngineHost.Start(disk, host.Time, log: Small);
        Assert.Empty(again.Damage);
        return again;
    }

    private static EdgeGateway.Tests.Storage.Log.SimulatedLogFiles Stopped(EngineHost host)
    {
        host.Log.Dispose();
        return host.Disk.Copy();
    }

    private static async Task SettleAsync(EngineHost host, ModelClient[] all)
    {
        foreach (var client in all)
        {
            client.Drop(); // so that what was left unacknowledged comes again
            await client.ConnectAsync(host);
        }
        for (var quiet = 0; quiet < 5;)
        {
            var before = all.Sum(static client => client.Received.Count + client.Acknowledged.Count);
            host.Commit();
            foreach (var client in all)
                client.Pump(static () => false);
            quiet = all.All(static client => client.IsIdle) && before == all.Sum(static client => client.Received.Count + client.Acknowledged.Count) ? quiet + 1 : 0;
        }
    }

    private static void Compare(ModelClient publisher, ModelClient subscriber)
    {
        var prefix = publisher.Acknowledged.Count == 0 ? "none" : publisher.Acknowledged.First().Split(' ')[0];
        var received = subscriber.Received.Where(payload => payload.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        var lost = publisher.Acknowledged.Except(received).ToList();
        Assert.True(lost.Count == 0, $"acknowledged and never delivered: {string.Join(", ", lost)}");
        var repeated = received.Where(static payload => payload.Split(' ')[1] == "2").GroupBy(static payload => payload).Where(static same => same.Count() > 1).Select(static same => same.Key).ToList();
        Assert.True(repeated.Count == 0, $"delivered twice at QoS 2: {string.Join(", ", repeated)}");
        foreach (var qos in (string[])["1", "2"])
        {
            var numbers = received.Where(payload => payload.Split(' ')[1] == qos).Select(static payload => int.Parse(payload.Split(' ')[2], CultureInfo.InvariantCulture)).Distinct().ToList();
            Assert.Equal(numbers.Order(), numbers);
        }
    }
}
