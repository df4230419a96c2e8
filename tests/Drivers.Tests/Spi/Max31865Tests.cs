using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Spi;

public sealed class Max31865Tests
{
    [Theory] // IEC 60751, table 1
    [InlineData(18.52, -200)]
    [InlineData(60.26, -100)]
    [InlineData(80.31, -50)]
    [InlineData(100.00, 0)]
    [InlineData(119.40, 50)]
    [InlineData(138.51, 100)]
    [InlineData(247.09, 400)]
    [InlineData(390.48, 850)]
    public void Platinum_OfTheTable_GivesItsTemperature(double ohms, double celsius) => Assert.Equal(celsius, Platinum.Celsius(ohms / 100), 0.03);

    [Fact]
    public void Platinum_EveryCode_RisesAndReturns()
    {
        var last = double.NegativeInfinity;
        for (var code = 1200; code < 32768; code++) // 15.7 Ω and up with 430 Ω
        {
            var celsius = Platinum.Celsius(code * 4.3 / 32768);
            Assert.True(celsius > last);
            Assert.Equal(code * 4.3 / 32768, Platinum.Ratio(celsius), 1e-6);
            last = celsius;
        }

        for (var code = 0; code < 1200; code++)
            Assert.True(Platinum.Celsius(code * 4.3 / 32768) is < -190 or double.NaN);
    }

    [Theory]
    [InlineData(400, 100.00, 0.00)] // register 0x4000
    [InlineData(400, 138.51, 99.99)] // register 0x58A4
    [InlineData(430, 80.31, -50)]
    public async Task ReadAsync_Resistance_GivesTheTemperature(double reference, double ohms, double celsius)
    {
        using var bench = new Bench();
        var chip = bench.Header.AddSpi("spidev0.0", new SimulatedMax31865(bench.Time, reference));
        chip.SetResistance(ohms);
        await using var sensor = bench.Sensor("max31865", ("rref", reference));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(celsius, reading["temperature"], 0.04);
        Assert.Equal(ohms, reading["resistance"], 0.01);
    }

    [Fact]
    public async Task ReadAsync_Pt1000At60Hertz_UsesItsOwnReference()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddSpi("spidev0.0", new SimulatedMax31865(bench.Time, 4300));
        chip.SetResistance(1194.0);
        await using var sensor = bench.Sensor("max31865", ("element", "pt1000"), ("filter", 60), ("wires", 3));
        Assert.Equal(50, (await bench.ReadAsync(sensor))["temperature"], 0.04);
    }

    [Fact]
    public async Task ReadAsync_BrokenWire_IsNamedAndOverOnceMended()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddSpi("spidev0.0", new SimulatedMax31865(bench.Time));
        await using var sensor = bench.Sensor("max31865");
        chip.Break();
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(DriverFault.ChipFault, failure.Fault);
        Assert.Contains("fault status 0x08", failure.Came, StringComparison.Ordinal);
        chip.Mend();
        Assert.Equal(0, (await bench.ReadAsync(sensor))["temperature"], 0.03);
    }

    [Fact]
    public async Task ReadAsync_ChipRestarted_IsAFailureAndThenConfiguredAnew()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddSpi("spidev0.0", new SimulatedMax31865(bench.Time));
        await using var sensor = bench.Sensor("max31865", ("wires", 3));
        var reading = sensor.ReadAsync(CancellationToken.None);
        await bench.Time.RunAsync(reading);
        var cut = sensor.ReadAsync(CancellationToken.None);
        chip.PowerCycle(); // between the start of the conversion's wait and its end
        Assert.Equal(DriverFault.Garbage, (await Assert.ThrowsAsync<SensorReadException>(() => bench.Time.RunAsync(cut))).Fault);
        Assert.Equal(0, (await bench.ReadAsync(sensor))["temperature"], 0.03);
    }

    [Fact]
    public Task Faults_OfTheBus_AreToldApart() => SpiFaultCases.AssertAsync("max31865", time => new SimulatedMax31865(time));
}
