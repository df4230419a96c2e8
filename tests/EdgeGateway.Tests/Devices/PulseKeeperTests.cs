using EdgeGateway.Devices;
using Xunit;

namespace EdgeGateway.Tests.Devices;

/// <summary>Counts that outlive the process.</summary>
[Collection(VirtualTime.Name)]
public sealed class PulseKeeperTests
{
    private const int Pin = 22;
    private const string Gauge = "sensors: [ { name: rain, driver: rain-gauge, pin: 22, interval: 1s, debounce: 0s } ]";

    [Fact]
    public async Task OrderlyRestart_GoesOnFromTheCount()
    {
        await using var bench = await StartAsync();
        Tip(bench, 5);
        await bench.RestartAsync();
        await ReadAsync(bench, pulses: 5);
        Tip(bench, 2);
        await ReadAsync(bench, pulses: 7);

        var last = bench.Bus.LastOf("sensors/rain/telemetry")!.Value;
        Assert.Equal(0, last.GetProperty("uncertain").GetDouble());
        Assert.Equal(7 * 0.2794, last.GetProperty("rain").GetDouble(), 3);
    }

    [Fact]
    public async Task Kill_LosesAtMostTheLastMinute_AndSaysSo()
    {
        await using var bench = await StartAsync();
        Tip(bench, 3);
        await bench.PassAsync(PulseKeeper.LongestWait, TimeSpan.FromSeconds(1));
        await bench.Database.WriteAsync(static _ => { }); // whatever was written before is on disk
        Assert.Equal(3, bench.Store.Pulses("rain"));
        Tip(bench, 1); // not written down when it is killed
        await bench.KillAsync();
        await bench.RebornAsync();
        await ReadAsync(bench, pulses: 3);

        Assert.Equal(1, bench.Bus.LastOf("sensors/rain/telemetry")!.Value.GetProperty("uncertain").GetDouble());
    }

    [Fact]
    public async Task ManyPulses_AreWrittenAtTheNextLook_AndAStandingCounterWritesNothing()
    {
        await using var bench = await StartAsync();
        Tip(bench, (int)PulseKeeper.ManyPulses);
        await bench.PassAsync(PulseKeeper.Look, TimeSpan.FromSeconds(1));
        await bench.Database.WriteAsync(static _ => { });
        Assert.Equal(PulseKeeper.ManyPulses, bench.Store.Pulses("rain"));
        var commits = bench.Database.Commits;
        await bench.PassAsync(TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(5));

        Assert.Equal(commits, bench.Database.Commits);
    }

    private static async Task<DeviceBench> StartAsync()
    {
        var bench = new DeviceBench();
        bench.Lines.Drive(Pin, true);
        await bench.StartAsync(Gauge);
        await bench.UntilAsync(() => bench.Supervisor.Find("rain")!.State == WiredState.Ok);
        return bench;
    }

    private static void Tip(DeviceBench bench, int times)
    {
        for (var i = 0; i < times; i++)
        {
            bench.Lines.Drive(Pin, false);
            bench.Lines.Drive(Pin, true);
        }
    }

    private static Task ReadAsync(DeviceBench bench, int pulses) => bench.PassUntilAsync(
        () => bench.Bus.LastOf("sensors/rain/telemetry") is { } last && (int)last.GetProperty("pulses").GetDouble() == pulses, TimeSpan.FromSeconds(10));
}
