using CsCheck;
using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

public sealed class Ads1115Tests
{
    [Fact]
    public void Config_SingleShotOfAin0At4VoltsAnd128PerSecond_IsC383() => Assert.Equal(0xC383, Ads1115.Config(4, 1, 4));

    [Theory]
    [InlineData(0x6400, 4.096, 3.200)]
    [InlineData(1, 6.144, 187.5e-6)] // SBAS444E Table 3: the size of one bit
    [InlineData(1, 4.096, 125e-6)]
    [InlineData(1, 2.048, 62.5e-6)]
    [InlineData(1, 1.024, 31.25e-6)]
    [InlineData(1, 0.512, 15.625e-6)]
    [InlineData(1, 0.256, 7.8125e-6)]
    [InlineData(-1, 2.048, -62.5e-6)]
    [InlineData(-32768, 2.048, -2.048)]
    public void Volts_KnownWords_GiveTheirVoltage(short raw, double fullScale, double expected) => Assert.Equal(expected, Ads1115.Volts(raw, fullScale), 1e-12);

    [Fact]
    public void Volts_AnyWord_LiesWithinFullScale() =>
        Gen.Select(Gen.Short, Gen.Int[0, 5]).Sample((raw, gain) => Math.Abs(Ads1115.Volts(raw, Ads1115.FullScales[gain])) <= Ads1115.FullScales[gain]);

    [Theory]
    [InlineData("ads1115", false)]
    [InlineData("ads1015", true)]
    public async Task ReadAsync_FourInputs_EachGivesItsOwnVoltage(string driver, bool is12Bit)
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x48, new SimulatedAds1115(bench.Time, is12Bit));
        await using var sensor = bench.Sensor(driver);
        double[] volts = [0.5, 1.5, 2.5, 3.3];
        for (var i = 0; i < 4; i++)
            chip.SetInput(i, volts[i]);
        var reading = await bench.ReadAsync(sensor);
        for (var i = 0; i < 4; i++)
            Assert.Equal(volts[i], reading[$"voltage{i}"], is12Bit ? 0.003 : 0.0002);
    }

    [Fact]
    public async Task ReadAsync_DifferentialInputs_GiveSignedDifferences()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x49, new SimulatedAds1115(bench.Time));
        await using var sensor = bench.Sensor("ads1115", ("address", "0x49"), ("inputs", "0-1, 0-3, 1-3, 2-3"), ("range", 2.048));
        double[] volts = [0.5, 1.5, 1.0, 0.25];
        for (var i = 0; i < 4; i++)
            chip.SetInput(i, volts[i]);
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(-1.0, reading["voltage01"], 0.0001);
        Assert.Equal(0.25, reading["voltage03"], 0.0001);
        Assert.Equal(1.25, reading["voltage13"], 0.0001);
        Assert.Equal(0.75, reading["voltage23"], 0.0001);
    }

    [Theory]
    [InlineData("ads1115", false, 5.0)]
    [InlineData("ads1115", false, -5.0)]
    [InlineData("ads1015", true, 5.0)]
    public async Task ReadAsync_BeyondFullScale_IsSaturated(string driver, bool is12Bit, double volts)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x48, new SimulatedAds1115(bench.Time, is12Bit)).SetInput(0, volts);
        await using var sensor = bench.Sensor(driver, ("inputs", "0"));
        Assert.Equal(ReadingQuality.Saturated, (await bench.ReadAsync(sensor)).Quality);
    }

    [Fact]
    public async Task ReadAsync_SlowestRate_WaitsForTheConversion()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x48, new SimulatedAds1115(bench.Time)).SetInput(1, 1.0);
        await using var sensor = bench.Sensor("ads1115", ("inputs", "1"), ("rate", 8));
        Assert.Equal(1.0, (await bench.ReadAsync(sensor))["voltage1"], 0.0002);
    }

    [Fact]
    public void Create_UnknownInput_NamesThoseThereAre()
    {
        using var bench = new Bench();
        var fault = Assert.Single(Assert.Throws<DriverOptionException>(() => bench.Create("ads1115", ("inputs", "0,7"))).Faults);
        Assert.Equal("inputs", fault.Option);
        Assert.Contains("0-1", fault.Expectation, StringComparison.Ordinal);
    }

    [Fact]
    public Task ReadAsync_BusFaults_AreNamedAndRecoveredFrom() => I2cFaultCases.AssertAsync("ads1115", time => new SimulatedAds1115(time));
}
