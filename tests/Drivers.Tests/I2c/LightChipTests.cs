using CsCheck;
using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

/// <summary>VEML7700, TSL2561, APDS9960: their numbers and their traps.</summary>
public sealed class LightChipTests
{
    [Fact] // the trap of 0.0036 lx, which reads 14 % low
    public void Veml7700_KnownCount_UsesTheCorrectedResolution()
    {
        Assert.Equal(67.2, Veml7700.Lux(1000, 1, 100, Veml7700.Resolution), 1e-9);
        Assert.Equal(57.6, Veml7700.Lux(1000, 1, 100, Veml7700.ResolutionBefore2023), 1e-9);
    }

    [Theory]
    [InlineData(1000, 1074.997)]
    [InlineData(5000, 6250.494)]
    public void Veml7700_Correction_IsTheApplicationNotes(double lux, double expected) => Assert.Equal(expected, Veml7700.Correct(lux), 0.001);

    [Fact]
    public void Veml7700_AnyCountAtAnySensitivity_RisesWithIt() =>
        Gen.Select(Gen.Int[0, 65534], Gen.Int[0, Veml7700.Steps.Length - 1]).Sample((raw, step) =>
        {
            var (gain, _, milliseconds, _) = Veml7700.Steps[step];
            var (low, high) = (Veml7700.Lux((ushort)raw, gain, milliseconds, Veml7700.Resolution), Veml7700.Lux((ushort)(raw + 1), gain, milliseconds, Veml7700.Resolution));
            return low < high && Veml7700.Correct(low) < Veml7700.Correct(high);
        });

    [Theory]
    [InlineData(0.02)]
    [InlineData(5.0)]
    [InlineData(180.0)]
    [InlineData(650.0)]
    public async Task Veml7700_DimLight_FindsItsSensitivityAndGivesItBack(double lux)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x10, new SimulatedVeml7700(bench.Time)).SetLux(lux);
        await using var sensor = bench.Sensor("veml7700");
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(lux, reading["illuminance"], Math.Max(0.01 * lux, 0.005));
        Assert.Equal(ReadingQuality.Good, reading.Quality);
    }

    [Fact]
    public async Task Veml7700_BrightLight_IsCorrectedAndTooBrightIsSaturated()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x10, new SimulatedVeml7700(bench.Time));
        await using var sensor = bench.Sensor("veml7700");
        chip.SetLux(5000);
        Assert.Equal(6250.5, (await bench.ReadAsync(sensor))["illuminance"], 5.0);
        chip.SetLux(60_000);
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal((120_000, ReadingQuality.Saturated), (reading["illuminance"], reading.Quality));
        chip.SetLux(1);
        Assert.Equal(1, (await bench.ReadAsync(sensor))["illuminance"], 0.01);
    }

    [Fact]
    public async Task Veml7700_OldResolution_CanBeAskedFor()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x10, new SimulatedVeml7700(bench.Time)).SetLux(67.2);
        await using var sensor = bench.Sensor("veml7700", ("resolution", "0.0036"));
        Assert.Equal(57.6, (await bench.ReadAsync(sensor))["illuminance"], 0.05);
    }

    [Fact]
    public void Tsl2561_KnownCounts_GiveTheirIlluminanceInEachPackage()
    {
        Assert.Equal(23.886, Tsl2561.Lux(1000, 200, isChipScale: false), 0.001);
        Assert.Equal(25.270, Tsl2561.Lux(1000, 200, isChipScale: true), 0.001);
        Assert.Equal(0, Tsl2561.Lux(0, 0, isChipScale: false));
        Assert.Equal(0, Tsl2561.Lux(100, 140, isChipScale: false));
    }

    [Fact]
    public void Tsl2561_AnyCounts_GiveAnIlluminance() =>
        Gen.Select(Gen.Double[0, 65_535 * 16.0], Gen.Double[0, 65_535 * 16.0], Gen.Bool).Sample((c0, c1, isChipScale) => Tsl2561.Lux(c0, c1, isChipScale) is >= 0 and < 40_000);

    [Fact]
    public void Tsl2561_MoreLightOfOneColour_RisesWithIt() =>
        Gen.Select(Gen.Double[1, 60_000], Gen.Double[0, 1.29], Gen.Bool).Sample((c0, ratio, isChipScale) =>
            Tsl2561.Lux(c0, c0 * ratio, isChipScale) < Tsl2561.Lux(c0 * 1.01, c0 * 1.01 * ratio, isChipScale));

    [Theory]
    [InlineData("13.7", "auto")]
    [InlineData("101", "auto")]
    [InlineData("402", "auto")]
    [InlineData("402", "16")]
    [InlineData("101", "1")]
    public async Task Tsl2561_Light_GivesItBackAtAnyTimeAndGain(string time, string gain)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x39, new SimulatedTsl2561(bench.Time)).SetLight(20_000, 4_000);
        await using var sensor = bench.Sensor("tsl2561", ("integrationTime", time), ("gain", gain));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(20_000, reading["broadband"], 250.0);
        Assert.Equal(4_000, reading["infrared"], 250.0);
        Assert.Equal(477.7, reading["illuminance"], 20.0);
        Assert.Equal(ReadingQuality.Good, reading.Quality);
    }

    [Fact]
    public async Task Tsl2561_TooBrightForGain16_IsReadAtGain1AndBeyondItIsSaturated()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x39, new SimulatedTsl2561(bench.Time));
        await using var sensor = bench.Sensor("tsl2561");
        chip.SetLight(800, 100);
        Assert.Equal(800, (await bench.ReadAsync(sensor))["broadband"], 2.0);
        chip.SetLight(400_000, 80_000);
        Assert.Equal(400_000, (await bench.ReadAsync(sensor))["broadband"], 20.0);
        chip.SetLight(2_000_000, 80_000);
        Assert.Equal(ReadingQuality.Saturated, (await bench.ReadAsync(sensor)).Quality);
    }

    [Fact]
    public async Task Tsl2561_ChipScalePackage_UsesItsCoefficients()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x29, new SimulatedTsl2561(bench.Time, isChipScale: true)).SetLight(16_000, 3_200);
        await using var sensor = bench.Sensor("tsl2561", ("address", "0x29"));
        Assert.Equal(16 * 25.270, (await bench.ReadAsync(sensor))["illuminance"], 0.1);
    }

    [Theory] // AV02-4191EN Table 4
    [InlineData(1, 1025)]
    [InlineData(10, 10250)]
    [InlineData(37, 37925)]
    [InlineData(72, 65535)]
    [InlineData(256, 65535)]
    public void Apds9960_FullScale_FollowsTheIntegrationTime(int steps, int expected) => Assert.Equal(expected, Apds9960.FullScale(steps));

    [Fact]
    public async Task Apds9960_ColourAndNearness_AreGivenBack()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x39, new SimulatedApds9960(bench.Time));
        chip.SetLight(20, 8, 7, 5);
        chip.SetProximity(120);
        await using var sensor = bench.Sensor("apds9960", ("integrationTime", "103ms"), ("gain", 16));
        var reading = await bench.ReadAsync(sensor); // 37 steps
        Assert.Equal([20 * 37 * 16, 8 * 37 * 16, 7 * 37 * 16, 5 * 37 * 16, 120], reading.Values.Select(value => value.Value));
        Assert.Equal(ReadingQuality.Good, reading.Quality);
    }

    [Fact]
    public async Task Apds9960_TooBright_SaturatesThatColourOnly()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x39, new SimulatedApds9960(bench.Time)).SetLight(2000, 10, 10, 10);
        await using var sensor = bench.Sensor("apds9960", ("gain", 1));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(ReadingQuality.Saturated, reading.Find("clear")!.Value.Quality);
        Assert.Equal(ReadingQuality.Good, reading.Find("red")!.Value.Quality);
    }

    [Fact]
    public async Task Apds9960_Clone_IsTakenAndATsl2561IsNamed()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x39, new SimulatedApds9960(bench.Time, id: 0xA8));
        bench.Header.AddI2c("i2c-2", 0x39, new SimulatedTsl2561(bench.Time));
        await using var clone = bench.Sensor("apds9960");
        await using var other = bench.Sensor("apds9960", ("bus", "i2c-2"));
        await bench.ReadAsync(clone);
        var failure = await bench.FailAsync(other);
        Assert.Equal(DriverFault.WrongChip, failure.Fault);
        Assert.Contains("TSL2561", failure.Check, StringComparison.Ordinal);
    }
}
