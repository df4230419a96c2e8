using CsCheck;
using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

/// <summary>Every formula over every word its registers can hold: no exception, in the range the words allow, rising where it must.</summary>
public sealed class ConversionRangeTests
{
    [Fact]
    public void Aht20_AnyFrame_StaysWithinItsScale() => Gen.Byte.Array[7].Sample(frame =>
        Aht20.Decode(frame) is { Celsius: >= -50 and < 150, Humidity: >= 0 and < 100 });

    [Fact]
    public void Sht4x_EveryWord_RisesAndHumidityIsLimited()
    {
        var last = Sht4x.Convert(0, 0);
        for (var word = 1; word <= ushort.MaxValue; word++)
        {
            var now = Sht4x.Convert((ushort)word, (ushort)word);
            Assert.True(now.Celsius > last.Celsius && now.Humidity >= last.Humidity && now.Humidity is >= 0 and <= 100);
            last = now;
        }
    }

    [Fact]
    public void Htu21d_EveryWord_RisesInStepsOfFour()
    {
        for (var word = 4; word <= ushort.MaxValue; word++)
        {
            Assert.True(Htu21d.Celsius((ushort)word) - Htu21d.Celsius((ushort)(word - 4)) > 0);
            Assert.Equal(Htu21d.Humidity((ushort)(word & ~3)), Htu21d.Humidity((ushort)word));
        }
    }

    [Fact]
    public void Mcp9808_EveryWord_IgnoresTheFlagsAndRisesFromMinus256()
    {
        for (var raw = -4096; raw < 4095; raw++)
        {
            var word = raw & 0x1FFF;
            Assert.Equal(raw / 16.0, Mcp9808.Celsius((ushort)word));
            Assert.Equal(raw / 16.0, Mcp9808.Celsius((ushort)(word | 0xE000)));
        }
    }

    [Fact]
    public void Ina226_EveryBusWord_RisesAndIsNeverNegative()
    {
        for (var word = 1; word <= ushort.MaxValue; word++)
            Assert.True(Ina226.BusVolts((ushort)word) > Ina226.BusVolts((ushort)(word - 1)));
        Assert.Equal(0, Ina226.BusVolts(0));
    }

    [Fact]
    public void Bmp180_AnyWordsAtAll_GiveNoException() =>
        Gen.Select(Gen.Byte.Array[22], Gen.Int[0, 0xFFFF], Gen.Int[0, 0x7FFFF], Gen.Int[0, 3]).Sample((words, temperature, pressure, oversampling) =>
        {
            _ = Bmp180Calibration.Parse(words).Compensate(temperature, pressure, oversampling);
        });

    [Fact]
    public void Bmp180_DatasheetWords_RiseWithTheTemperatureAndThePressure()
    {
        var words = new Bmp180Calibration(408, -72, -14383, 32741, 32757, 23153, 6190, 4, -32768, -8711, 2868);
        for (var raw = 24_000; raw < 34_000; raw++)
            Assert.True(words.Compensate(raw, 23_843, 0).Tenths <= words.Compensate(raw + 1, 23_843, 0).Tenths);
        for (var raw = 10_000; raw < 60_000; raw++)
            Assert.True(words.Compensate(27_898, raw, 0).Pascal <= words.Compensate(27_898, raw + 1, 0).Pascal);
    }

    [Fact]
    public void Ds3231_AnyRegisters_AreATimeOrNone() => Gen.Byte.Array[19].Sample(registers =>
        Ds3231.DecodeTime(registers) is not { Year: < 2000 or > 2199 });

    [Fact]
    public void Ds3231_EveryTemperature_RisesFromMinus128()
    {
        for (var quarters = -512; quarters < 511; quarters++)
            Assert.Equal(quarters / 4.0, Ds3231.Celsius((byte)(quarters >> 2), (byte)((quarters & 3) << 6)));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public async Task Scd30_FloatThatIsNoNumber_IsAFailure(double ppm)
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x61, new SimulatedScd30(bench.Time));
        chip.SetAir(ppm, 20, 50);
        await using var sensor = bench.Sensor("scd30");
        Assert.Equal(DriverFault.Implausible, (await bench.FailAsync(sensor)).Fault);
        chip.SetAir(600, 20, 50);
        await bench.ReadAsync(sensor);
    }

    [Theory]
    [InlineData("scd4x", 0xFFFF)]
    [InlineData("scd30", 1e9)]
    public async Task Co2_BeyondTheRange_IsImplausible(string driver, double ppm)
    {
        using var bench = new Bench();
        if (driver == "scd30")
            bench.Header.AddI2c("i2c-1", 0x61, new SimulatedScd30(bench.Time)).SetAir(ppm, 20, 50);
        else
            bench.Header.AddI2c("i2c-1", 0x62, new SimulatedScd4x(bench.Time)).SetAir(ppm, 20, 50);
        await using var sensor = bench.Sensor(driver);
        Assert.Equal(ReadingQuality.Implausible, (await bench.ReadAsync(sensor)).Find("co2")!.Value.Quality);
    }

    [Fact]
    public async Task EveryChipWithRawWords_AtBothEndsOfItsScale_GivesNoGoodNonsense()
    {
        foreach (var raw in new ushort[] { 0x0001, 0xFFFC })
        {
            using var bench = new Bench();
            bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht4x(bench.Time)).SetRaw(raw, raw);
            bench.Header.AddI2c("i2c-1", 0x40, new SimulatedHtu21d(bench.Time)).SetRaw((ushort)(raw | 4), (ushort)(raw | 4));
            bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme680(bench.Time)).SetRaw(raw << 4, raw << 4, raw);
            foreach (var driver in new[] { "sht4x", "htu21d", "bme680" })
            {
                await using var sensor = bench.Sensor(driver);
                var reading = await bench.ReadAsync(sensor);
                Assert.Equal(ReadingQuality.Implausible, reading.Find("temperature")!.Value.Quality);
                Assert.InRange(reading["humidity"], 0, 100);
            }
        }
    }
}
