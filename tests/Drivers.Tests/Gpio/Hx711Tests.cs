using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Gpio;

public sealed class Hx711Tests
{
    private const int Data = 9, Clock = 11;

    [Theory]
    [InlineData(0xFFFFFF, -1)]
    [InlineData(0x000001, 1)]
    [InlineData(0x7FFFFF, 8_388_607)]
    [InlineData(0x800000, -8_388_608)]
    public void SignExtend_24Bits_GivesTheNumber(int bits, int expected) => Assert.Equal(expected, Hx711.SignExtend(bits));

    [Theory]
    [InlineData(84_200, 0, 842, 100)]
    [InlineData(-1, 1683, 1684, -1)]
    public async Task ReadAsync_Weight_IsRawLessTareOverScale(int raw, int tare, int scale, double grams)
    {
        using var bench = new Bench();
        using var chip = new SimulatedHx711(bench.Header, Data, Clock, bench.Time) { Raw = raw };
        await using var sensor = Sensor(bench, ("tare", tare), ("scale", scale));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(raw, reading["raw"]);
        Assert.Equal(grams, reading["weight"], 0.01);
    }

    [Fact]
    public async Task ReadAsync_OneOddConversion_TheMiddleOneCounts()
    {
        using var bench = new Bench();
        using var chip = new SimulatedHx711(bench.Header, Data, Clock, bench.Time) { Raw = 5000 };
        chip.Next.Enqueue(-900_000);
        await using var sensor = Sensor(bench);
        Assert.Equal(5000, (await bench.ReadAsync(sensor))["raw"]);
    }

    [Theory]
    [InlineData(0x7FFFFF)]
    [InlineData(-0x800000)]
    public async Task ReadAsync_AtTheEnds_IsSaturated(int raw)
    {
        using var bench = new Bench();
        using var chip = new SimulatedHx711(bench.Header, Data, Clock, bench.Time) { Raw = raw };
        await using var sensor = Sensor(bench);
        Assert.Equal(ReadingQuality.Saturated, (await bench.ReadAsync(sensor)).Quality);
    }

    [Fact]
    public async Task ReadAsync_InterruptedInAClockPulse_ThrowsTheConversionAway()
    {
        using var bench = new Bench();
        using var chip = new SimulatedHx711(bench.Header, Data, Clock, bench.Time) { Raw = 123_456 };
        await using var sensor = Sensor(bench);
        await bench.ReadAsync(sensor);
        var interruptions = 2;
        chip.OnClock = bit =>
        {
            if (bit == 12 && interruptions-- > 0)
                bench.Time.Advance(TimeSpan.FromMicroseconds(80)); // the process stood still with the clock high
        };
        Assert.Equal(123_456, (await bench.ReadAsync(sensor))["raw"]);
        Assert.Equal(2, chip.Sleeps);
    }

    [Fact]
    public async Task ReadAsync_InterruptedAgainAndAgain_SaysSo()
    {
        using var bench = new Bench();
        using var chip = new SimulatedHx711(bench.Header, Data, Clock, bench.Time);
        chip.OnClock = _ => bench.Time.Advance(TimeSpan.FromMicroseconds(80));
        await using var sensor = Sensor(bench);
        Assert.Equal(DriverFault.NotReady, (await bench.FailAsync(sensor)).Fault);
    }

    [Fact]
    public async Task ReadAsync_NothingWired_IsAbsent()
    {
        using var bench = new Bench();
        await using var sensor = Sensor(bench);
        Assert.Equal(DriverFault.Absent, (await bench.FailAsync(sensor)).Fault);
    }

    [Fact]
    public async Task ReadAsync_DataHeldLow_IsGarbage()
    {
        using var bench = new Bench();
        bench.Header.Lines.Drive(Data, false);
        await using var sensor = Sensor(bench);
        Assert.Equal(DriverFault.Garbage, (await bench.FailAsync(sensor)).Fault);
    }

    [Fact]
    public async Task ReadAsync_ThroughTheKernel_UsesItsDriver()
    {
        using var bench = new Bench();
        bench.Header.Kernel.Add("/sys/bus/iio/devices/iio:device0/name", "hx711\n");
        bench.Header.Kernel.Add("/sys/bus/iio/devices/iio:device0/in_voltage0_raw", "8420\n");
        await using var sensor = Sensor(bench, ("source", "kernel"), ("scale", 842));
        Assert.Equal(10, (await bench.ReadAsync(sensor))["weight"]);
        Assert.False(bench.Header.Lines.IsOpen(Clock));
    }

    private static ISensor Sensor(Bench bench, params (string, object)[] options) => bench.Sensor("hx711", [("data", Data), ("clock", Clock), .. options]);
}
