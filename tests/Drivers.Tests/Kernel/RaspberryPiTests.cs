using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Kernel;

public sealed class RaspberryPiTests
{
    [Fact]
    public async Task ReadAsync_Healthy_GivesEveryValue()
    {
        using var bench = new Bench();
        _ = new SimulatedRaspberryPi(bench.Header);
        await using var sensor = bench.Sensor("raspberry-pi");
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(DriverCatalog.Find("raspberry-pi")!.Readings.Select(known => known.Name), reading.Values.Select(value => value.Name));
        Assert.Equal(48.3, reading["cpuTemperature"], 0.001);
        Assert.Equal(0.42, reading["load1"]);
        Assert.Equal(600_000 * 1024.0, reading["memoryAvailable"]);
        Assert.Equal(8192 * 512.0, reading["diskWritten"]); // the seventh field, in sectors; loop devices do not count
        Assert.Equal(20, reading["cardWear"]);
        Assert.Equal(-56, reading["wifiSignal"]);
        Assert.Equal(1, reading["clockSynchronized"]);
        Assert.Equal(86_400.5, reading["uptime"]);
        Assert.Equal(0, reading["underVoltage"]);
    }

    [Theory]
    [InlineData(0x00050005u, "underVoltage", "throttled")]
    [InlineData(0x000A000Au, "frequencyCapped", "softTemperatureLimit")]
    public async Task ReadAsync_Throttling_NamesEachBit(uint word, string first, string second)
    {
        using var bench = new Bench();
        new SimulatedRaspberryPi(bench.Header).SetThrottling(word);
        await using var sensor = bench.Sensor("raspberry-pi");
        var reading = await bench.ReadAsync(sensor);
        foreach (var name in new[] { "underVoltage", "frequencyCapped", "throttled", "softTemperatureLimit" })
        {
            var expected = name == first || name == second ? 1 : 0;
            Assert.Equal(expected, reading[name]);
            Assert.Equal(expected, reading[name + "SinceBoot"]);
        }
    }

    [Fact]
    public async Task ReadAsync_FilesThatAreNotThere_AreLeftOut()
    {
        using var bench = new Bench();
        _ = new SimulatedRaspberryPi(bench.Header);
        foreach (var path in new[] { "/sys/devices", "/proc/net/wireless", "/sys/block/mmcblk0/device/life_time", "/run/systemd/timesync" })
            bench.Header.Kernel.Remove(path);
        await using var sensor = bench.Sensor("raspberry-pi");
        var reading = await bench.ReadAsync(sensor);
        foreach (var name in new[] { "underVoltage", "wifiSignal", "cardWear", "clockSynchronized" })
            Assert.Null(reading.Find(name));
        Assert.Equal(48.3, reading["cpuTemperature"], 0.001);
    }

    [Fact]
    public async Task ReadAsync_NonsenseInAFile_IsAFailureThatNamesIt()
    {
        using var bench = new Bench();
        _ = new SimulatedRaspberryPi(bench.Header);
        bench.Header.Kernel.Add("/proc/loadavg", "many\n");
        await using var sensor = bench.Sensor("raspberry-pi");
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(DriverFault.Garbage, failure.Fault);
        Assert.Contains("/proc/loadavg", failure.Came, StringComparison.Ordinal);
    }
}
