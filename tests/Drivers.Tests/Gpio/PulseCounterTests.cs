using Drivers.Tests.Support;
using EdgeGateway.Drivers;

namespace Drivers.Tests.Gpio;

public sealed class PulseCounterTests
{
    private const int Pin = 6;

    [Theory] // the constants of the usual kits
    [InlineData("rain-gauge", 10, 10_000, "rain", 2.794, "intensity", 0.2794 * 3600 / 10)]
    [InlineData("anemometer", 9, 250, "run", 6.0, "speed", 2.4 / 3.6 * 4)]
    [InlineData("flow-meter", 450, 20, "volume", 1.0, "flow", 60.0 / 450 * 50)]
    [InlineData("s0-meter", 100, 3_600, "energy", 100, "power", 1000)]
    [InlineData("pulse-counter", 8, 500, "amount", 8, "frequency", 2)]
    public async Task ReadAsync_EvenPulses_GivesAmountAndRate(string driver, int pulses, int milliseconds, string amount, double expected, string rate, double expectedRate)
    {
        using var bench = new Bench();
        await using var counter = bench.Sensor(driver, ("pin", Pin), ("debounce", "0s"));
        await bench.ReadAsync(counter);
        for (var i = 0; i < pulses; i++)
        {
            if (i > 0)
                bench.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
            Pulse(bench);
        }

        var reading = await bench.ReadAsync(counter);
        Assert.Equal(expected, reading[amount], expected * 0.001);
        Assert.Equal(expectedRate, reading[rate], expectedRate * 0.001);
        Assert.Equal(pulses, reading["pulses"]);
        Assert.Equal(0, reading["uncertain"]);
    }

    [Fact]
    public async Task ReadAsync_Bouncing_CountsOnce()
    {
        using var bench = new Bench();
        await using var counter = bench.Sensor("rain-gauge", ("pin", Pin));
        await bench.ReadAsync(counter);
        for (var tip = 1; tip <= 3; tip++)
        {
            bench.Header.Lines.Bounce(Pin, level: false, edges: 31);
            bench.Pass(TimeSpan.FromMilliseconds(50));
            bench.Header.Lines.Bounce(Pin, level: true, edges: 15);
            bench.Pass(TimeSpan.FromMilliseconds(50));
            Assert.Equal(tip, (await bench.ReadAsync(counter))["pulses"]);
        }
    }

    [Fact]
    public async Task ReadAsync_NoMorePulses_RateFallsAndThenIsZero()
    {
        using var bench = new Bench();
        await using var counter = bench.Sensor("pulse-counter", ("pin", Pin), ("debounce", "0s"), ("idle", "10s"));
        await bench.ReadAsync(counter);
        for (var i = 0; i < 11; i++)
        {
            Pulse(bench);
            bench.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(10, (await bench.ReadAsync(counter))["frequency"], 0.01);
        bench.Time.Advance(TimeSpan.FromSeconds(3.9));
        Assert.Equal(0.25, (await bench.ReadAsync(counter))["frequency"], 0.01);
        bench.Time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(0, (await bench.ReadAsync(counter))["frequency"]);
        Pulse(bench); // the first after a pause has no interval yet
        Assert.Equal(0, (await bench.ReadAsync(counter))["frequency"]);
        Assert.Equal(12, (await bench.ReadAsync(counter))["pulses"]);
    }

    [Fact]
    public async Task ReadAsync_RateBetweenSlowPulses_DoesNotDependOnThePolling()
    {
        using var bench = new Bench();
        await using var counter = bench.Sensor("s0-meter", ("pin", Pin), ("debounce", "0s"));
        await bench.ReadAsync(counter);
        for (var i = 0; i < 60; i++) // a pulse each 36 s is 100 W; polled every second it must never read 0 or 3600 W between
        {
            Pulse(bench);
            for (var second = 0; second < 36; second++)
            {
                var power = (await bench.ReadAsync(counter))["power"];
                if (i > 1)
                    Assert.Equal(100, power, 0.5);
                bench.Time.Advance(TimeSpan.FromSeconds(1));
            }
        }
    }

    [Fact]
    public async Task Restore_CountFromBefore_GoesOnAndSaysWhetherItIsCertain()
    {
        using var bench = new Bench();
        await using var sensor = bench.Sensor("rain-gauge", ("pin", Pin), ("debounce", "0s"));
        var counter = Assert.IsAssignableFrom<IPulseCounter>(sensor);
        counter.Restore(5_000_000_000, isUncertain: true);
        await bench.ReadAsync(sensor);
        Pulse(bench);
        Assert.Equal(5_000_000_001, counter.Count);
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(5_000_000_001, reading["pulses"]);
        Assert.Equal(1, reading["uncertain"]);
        Assert.Equal(0.2794 * 5_000_000_001, reading["rain"], 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Restore(-1, isUncertain: false));
    }

    [Fact]
    public async Task ReadAsync_KernelLostEdges_IsUncertain()
    {
        using var bench = new Bench();
        await using var counter = bench.Sensor("flow-meter", ("pin", Pin), ("debounce", "0s"));
        await bench.ReadAsync(counter);
        bench.Header.Lines.LoseEvents(Pin, 3);
        Pulse(bench);
        Assert.Equal(1, (await bench.ReadAsync(counter))["uncertain"]);
    }

    private static void Pulse(Bench bench)
    {
        bench.Header.Lines.Drive(Pin, false);
        bench.Header.Lines.Drive(Pin, true);
    }
}
