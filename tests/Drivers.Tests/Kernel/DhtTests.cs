using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Kernel;

public sealed class DhtTests
{
    [Theory]
    [InlineData(35_100, 35.1)] // 01 5F
    [InlineData(-10_100, -10.1)] // 80 65
    [InlineData(0, 0)]
    [InlineData(-3_275_800, -1.0)] // FF F6, two's complement of a clone
    [InlineData(-3_237_700, -39.1)] // FE 79
    public void Celsius_OfTheKernel_IsUnderstood(int millidegrees, double celsius) => Assert.Equal(celsius, Dht.Celsius(millidegrees), 1e-9);

    [Fact]
    public void Celsius_EveryWord_IsRightInBothNotations()
    {
        for (var tenths = 1; tenths <= 400; tenths++)
        {
            Assert.Equal(-tenths / 10.0, Dht.Celsius(-tenths * 100), 1e-9); // sign and magnitude
            var word = 0x10000 - tenths; // two's complement, read by the kernel as sign and magnitude
            Assert.Equal(-tenths / 10.0, Dht.Celsius(-(word & 0x7FFF) * 100), 1e-9);
        }
    }

    [Theory]
    [InlineData("dht22", 35_100, 65_200, 35.1, 65.2)]
    [InlineData("dht11", 21_000, 45_000, 21, 45)]
    public async Task ReadAsync_KernelsFiles_GiveTheValues(string driver, int millidegrees, int millipercent, double celsius, double percent)
    {
        using var bench = new Bench();
        new SimulatedDht(bench.Header).Set(millidegrees, millipercent);
        await using var sensor = bench.Sensor(driver);
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(celsius, reading["temperature"]);
        Assert.Equal(percent, reading["humidity"]);
    }

    [Fact]
    public async Task ReadAsync_LostBits_TriesAgainAfterTwoSecondsAndThenFails()
    {
        using var bench = new Bench();
        var chip = new SimulatedDht(bench.Header);
        await using var sensor = bench.Sensor("dht22");
        chip.Fail(2);
        var before = bench.Time.GetTimestamp();
        Assert.Equal(21.5, (await bench.ReadAsync(sensor))["temperature"]);
        Assert.InRange(bench.Time.GetElapsedTime(before).TotalSeconds, 4, 6);
        chip.Fail(3);
        var failure = await bench.FailAsync(sensor); // never the last value
        Assert.Equal(DriverFault.BusFault, failure.Fault);
        Assert.Contains("pull-up", failure.Check, StringComparison.Ordinal);
        Assert.Equal(21.5, (await bench.ReadAsync(sensor))["temperature"]);
    }

    [Fact]
    public async Task ReadAsync_LineHeldLow_IsGarbage()
    {
        using var bench = new Bench();
        new SimulatedDht(bench.Header).Set(0, 0);
        await using var sensor = bench.Sensor("dht22");
        Assert.Equal(DriverFault.Garbage, (await bench.FailAsync(sensor)).Fault);
    }

    [Fact]
    public async Task ReadAsync_NoOverlay_SaysHowToEnableIt()
    {
        using var bench = new Bench();
        await using var sensor = bench.Sensor("dht22");
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(DriverFault.NoBus, failure.Fault);
        Assert.Contains("dtoverlay=dht11,gpiopin=N", failure.Check, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_TwoOfThem_NeedsAName()
    {
        using var bench = new Bench();
        _ = new SimulatedDht(bench.Header, pin: 4, index: 0);
        var second = new SimulatedDht(bench.Header, pin: 17, index: 1);
        second.Set(30_000, 50_000);
        await using var either = bench.Sensor("dht22");
        var failure = await bench.FailAsync(either);
        Assert.Equal(DriverFault.Option, failure.Fault);
        Assert.Contains("dht11@4, dht11@11", failure.Came, StringComparison.Ordinal);
        await using var named = bench.Sensor("dht22", ("device", second.Name));
        Assert.Equal(30, (await bench.ReadAsync(named))["temperature"]);
    }

    [Fact]
    public async Task ReadAsync_OverlayGoneAndBack_ReadsOn()
    {
        using var bench = new Bench();
        var chip = new SimulatedDht(bench.Header);
        await using var sensor = bench.Sensor("dht22");
        await bench.ReadAsync(sensor);
        chip.Vanish();
        Assert.Equal(DriverFault.Absent, (await bench.FailAsync(sensor)).Fault);
        chip.Appear();
        bench.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(21.5, (await bench.ReadAsync(sensor))["temperature"]);
    }
}
