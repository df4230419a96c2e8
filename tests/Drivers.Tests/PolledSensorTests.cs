using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests;

public sealed class PolledSensorTests
{
    [Fact]
    public async Task ReadAsync_PolledWhileLeftAlone_TriesAgainAfterTenSecondsNotNever()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme280(bench.Time));
        await using var sensor = bench.Sensor("bme280");
        chip.Unplug();
        await bench.FailAsync(sensor);
        chip.PlugIn();
        for (var second = 1; second < 10; second++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await bench.FailAsync(sensor);
        }

        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEmpty((await bench.ReadAsync(sensor)).Values);
    }

    [Fact]
    public async Task ReadAsync_StillAbsent_LeavesItAloneForUpToAMinute()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme280(bench.Time));
        chip.Faults.Fail(I2cErrno.RemoteIo, I2cFaults.ForEver);
        await using var sensor = bench.Sensor("bme280");
        var probes = new List<int>();
        for (var second = 0; second < 240; second++)
        {
            var before = bench.Time.GetTimestamp();
            await bench.FailAsync(sensor);
            if (bench.Time.GetElapsedTime(before) > TimeSpan.FromMilliseconds(50))
                probes.Add(second); // the tries took their time: it was really asked
            bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([10, 20, 40, 60, 60], probes.Zip(probes.Skip(1), (earlier, later) => later - earlier));
    }
}
