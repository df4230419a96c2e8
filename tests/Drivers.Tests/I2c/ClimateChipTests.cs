using CsCheck;
using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

/// <summary>AHT20, SHT4x, HTU21D, MCP9808, BH1750: their numbers and their traps.</summary>
public sealed class ClimateChipTests
{
    [Fact]
    public void Aht20_KnownFrame_GivesItsValues()
    {
        var (celsius, humidity) = Aht20.Decode(Convert.FromHexString("1C80000600004E"));
        Assert.Equal(25.0, celsius, 1e-9);
        Assert.Equal(50.0, humidity, 1e-9);
        Assert.Equal(0x4E, Crc8.Sensirion(Convert.FromHexString("1C8000060000")));
    }

    [Fact] // the trap of bindings that leave the seventh byte unread
    public async Task Aht20_BitTurnedOver_IsAChecksumFailure()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x38, new SimulatedAht20(bench.Time));
        await using var sensor = bench.Sensor("aht20");
        await bench.ReadAsync(sensor);
        chip.Faults.FlipBit(2, 5);
        Assert.Equal(DriverFault.Checksum, (await bench.FailAsync(sensor)).Fault);
    }

    [Theory]
    [InlineData(-39.9, 1)]
    [InlineData(21.3, 48.7)]
    [InlineData(84.9, 99)]
    public async Task EveryClimateChip_Climate_GivesItBack(double celsius, double humidity)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x38, new SimulatedAht20(bench.Time)).SetClimate(celsius, humidity);
        bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht4x(bench.Time)).SetClimate(celsius, humidity);
        bench.Header.AddI2c("i2c-1", 0x40, new SimulatedHtu21d(bench.Time)).SetClimate(celsius, humidity);
        bench.Header.AddI2c("i2c-2", 0x40, new SimulatedHtu21d(bench.Time, isSi7021: true)).SetClimate(celsius, humidity);
        foreach (var (driver, bus) in new[] { ("aht20", "i2c-1"), ("sht4x", "i2c-1"), ("htu21d", "i2c-1"), ("htu21d", "i2c-2") })
        {
            await using var sensor = bench.Sensor(driver, ("bus", bus));
            var reading = await bench.ReadAsync(sensor);
            Assert.Equal(celsius, reading["temperature"], 0.05);
            Assert.Equal(humidity, reading["humidity"], 0.05);
            Assert.Equal(ReadingQuality.Good, reading.Quality);
        }
    }

    [Fact]
    public void Sht4x_FrameOfTheSht3x_MeansAnotherHumidity()
    {
        var (celsius, humidity) = Sht4x.Convert(0x6666, 0x8000);
        Assert.Equal(25.00, celsius, 0.005);
        Assert.Equal(56.50, humidity, 0.005);
        Assert.Equal((-45.0, 0.0), Sht4x.Convert(0, 0));
        Assert.Equal((130.0, 100.0), Sht4x.Convert(65535, 65535));
    }

    [Fact]
    public async Task Sht4x_AnSht3xAtItsAddress_IsNotReadAsOne()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time));
        await using var sensor = bench.Sensor("sht4x");
        await bench.FailAsync(sensor);
    }

    [Fact]
    public void Htu21d_DatasheetWord_MasksItsStatusBits()
    {
        Assert.Equal(44.89, Htu21d.Humidity(0x683A), 0.005);
        Assert.Equal(Htu21d.Humidity(0x6838), Htu21d.Humidity(0x683B));
    }

    [Fact]
    public async Task Htu21d_WrongChecksum_IsAFailure()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x40, new SimulatedHtu21d(bench.Time));
        await using var sensor = bench.Sensor("htu21d");
        await bench.ReadAsync(sensor);
        chip.SpoilChecksum();
        Assert.Equal(DriverFault.Checksum, (await bench.FailAsync(sensor)).Fault);
    }

    [Theory]
    [InlineData(0xC190, 25.0)]
    [InlineData(0x1FF0, -1.0)]
    [InlineData(0x0000, 0.0)]
    [InlineData(0x07D0, 125.0)]
    public void Mcp9808_KnownWord_GivesItsTemperature(int word, double expected) => Assert.Equal(expected, Mcp9808.Celsius((ushort)word));

    [Theory]
    [InlineData(-39.5)]
    [InlineData(0.0)]
    [InlineData(99.25)]
    public async Task Mcp9808_Temperature_GivesItBack(double celsius)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x18, new SimulatedMcp9808(bench.Time)).SetTemperature(celsius);
        await using var sensor = bench.Sensor("mcp9808");
        Assert.Equal(celsius, (await bench.ReadAsync(sensor))["temperature"]);
    }

    [Fact]
    public void Bh1750_DatasheetCount_GivesItsIlluminance() => Assert.Equal(28066.67, Bh1750.Lux(0x8390, 69, isHalfLux: false), 0.01);

    [Fact]
    public void Bh1750_AnyCount_RisesWithIt() => Gen.Int[0, 65534].Sample(raw =>
        Bh1750.Lux((ushort)raw, 69, false) < Bh1750.Lux((ushort)(raw + 1), 69, false));

    [Theory]
    [InlineData(120.0, 69, "1")]
    [InlineData(120.0, 254, "0.5")]
    [InlineData(100_000.0, 31, "1")]
    public async Task Bh1750_Light_GivesItBackAtAnySensitivity(double lux, int measurementTime, string resolution)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x23, new SimulatedBh1750(bench.Time)).SetLux(lux);
        await using var sensor = bench.Sensor("bh1750", ("measurementTime", measurementTime), ("resolution", resolution));
        Assert.Equal(lux, (await bench.ReadAsync(sensor))["illuminance"], 2.0);
    }

    [Fact]
    public async Task Bh1750_TooBright_IsSaturated()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x23, new SimulatedBh1750(bench.Time)).SetLux(90_000);
        await using var sensor = bench.Sensor("bh1750");
        Assert.Equal(ReadingQuality.Saturated, (await bench.ReadAsync(sensor)).Quality);
    }

    [Fact]
    public async Task ReadAsync_BusFaults_AreNamedAndRecoveredFrom()
    {
        await I2cFaultCases.AssertAsync("aht20", time => new SimulatedAht20(time));
        await I2cFaultCases.AssertAsync("sht4x", time => new SimulatedSht4x(time));
        await I2cFaultCases.AssertAsync("htu21d", time => new SimulatedHtu21d(time));
        await I2cFaultCases.AssertAsync("mcp9808", time => new SimulatedMcp9808(time));
    }
}
