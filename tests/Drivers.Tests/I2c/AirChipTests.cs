using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

/// <summary>SCD4x, SCD30, SGP30, BMP180, DS3231: their numbers and their traps.</summary>
public sealed class AirChipTests
{
    [Fact] // SCD4x v1.4 §3.5.2: 01 F4 33 66 67 A2 5E B9 3C
    public async Task Scd4x_DatasheetFrame_GivesItsValues()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x62, new SimulatedScd4x(bench.Time));
        await using var sensor = bench.Sensor("scd4x");
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(500, reading["co2"]);
        Assert.Equal(25.0, reading["temperature"], 0.005);
        Assert.Equal(37.0, reading["humidity"], 0.005);
        Assert.Equal(500, (await bench.ReadAsync(sensor))["co2"]); // waits for the next: the same one is never read twice
    }

    [Fact]
    public async Task Scd4x_LeftMeasuringByAnotherProgram_IsStoppedFirst()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x62, new SimulatedScd4x(bench.Time));
        bench.Header.AddI2cBus("i2c-1").Transfer(0x62, [0x21, 0xB1], [], isRead: false);
        await using var sensor = bench.Sensor("scd4x");
        await bench.ReadAsync(sensor);
    }

    [Fact] // the trap of a pressure limited to 1: the command's unit is hPa
    public async Task Scd4x_AmbientPressure_ReachesTheChipInHectopascal()
    {
        Assert.Equal(1013, Scd4x.Hectopascal(101_325));
        Assert.Equal(700, Scd4x.Hectopascal(50_000));
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x62, new SimulatedScd4x(bench.Time));
        await using var sensor = bench.Sensor("scd4x", ("pressure", 95_000));
        await bench.ReadAsync(sensor);
        Assert.Equal(950, chip.AmbientPressure);
    }

    [Fact] // SCD30 interface description §1.4.5: 43 DB CB 8C 2E 8F 41 D9 70 E7 FF F5 42 43 BF 3A 1B 74
    public async Task Scd30_DatasheetFrame_GivesItsValues()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x61, new SimulatedScd30(bench.Time))
            .SetAir(BitConverter.UInt32BitsToSingle(0x43DB8C2E), BitConverter.UInt32BitsToSingle(0x41D9E7FF), BitConverter.UInt32BitsToSingle(0x42433A1B));
        await using var sensor = bench.Sensor("scd30");
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(439.09, reading["co2"], 0.01);
        Assert.Equal(27.24, reading["temperature"], 0.01);
        Assert.Equal(48.81, reading["humidity"], 0.01);
    }

    [Fact]
    public async Task Sgp30_First15Seconds_AreWarming()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x58, new SimulatedSgp30(bench.Time));
        await using var sensor = bench.Sensor("sgp30");
        var first = await bench.ReadAsync(sensor);
        Assert.Equal((400, 0, ReadingQuality.Warming), (first["eco2"], first["tvoc"], first.Quality));
        bench.Time.Advance(TimeSpan.FromSeconds(16));
        var later = await bench.ReadAsync(sensor);
        Assert.Equal((620, 85, ReadingQuality.Good), (later["eco2"], later["tvoc"], later.Quality));
    }

    [Fact]
    public async Task Sgp30_BaselineFoundAfterTwelveHours_IsReadHourlyAndGivenBackAfterALossOfPower()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x58, new SimulatedSgp30(bench.Time));
        await using var sensor = bench.Sensor("sgp30", ("absoluteHumidity", "15.5"));
        Assert.Equal(2, (await bench.ReadAsync(sensor)).Values.Length);
        Assert.Equal(0x0F80, chip.Humidity);
        chip.FindBaseline(0x8973, 0x8AAE);
        bench.Time.Advance(TimeSpan.FromHours(13));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal((0x8973, 0x8AAE), ((int)reading["eco2Baseline"], (int)reading["tvocBaseline"]));
        Assert.Null((await bench.ReadAsync(sensor)).Find("eco2Baseline")); // not before an hour has passed

        chip.Unplug();
        await bench.FailAsync(sensor);
        chip.PlugIn();
        bench.Time.Advance(TimeSpan.FromSeconds(61));
        await bench.ReadAsync(sensor);
        Assert.Equal((0x8973, 0x8AAE), chip.Baseline);
        Assert.Equal(0x0F80, chip.Humidity);
    }

    [Theory]
    [InlineData(6, 0x8973)]
    [InlineData(8, 0x8000)] // thrown away
    public async Task Sgp30_BaselineOfSomeDaysAgo_IsUsedForSevenDays(int days, int expected)
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x58, new SimulatedSgp30(bench.Time));
        await using var sensor = bench.Sensor("sgp30", ("eco2Baseline", "0x8973"), ("tvocBaseline", "0x8AAE"));
        bench.Time.Advance(TimeSpan.FromDays(days));
        await bench.ReadAsync(sensor);
        Assert.Equal(expected, chip.Baseline.Eco2);
    }

    [Fact] // the trap of the order: reading the baseline gives CO₂eq first, setting it takes TVOC first
    public void Sgp30_SetBaseline_SendsTvocFirst()
    {
        var bytes = Sgp30.SetBaselineCommand(eco2: 0x8973, tvoc: 0x8AAE);
        Assert.Equal("201E8AAE", Convert.ToHexString(bytes.AsSpan(0, 4)));
        Assert.Equal("8973", Convert.ToHexString(bytes.AsSpan(5, 2)));
    }

    [Fact]
    public void Sgp30_Humidity_IsAbsoluteInFixedPoint()
    {
        Assert.Equal(0x0F80, Sgp30.HumidityWord(15.5)); // v1.0 §6.3.2
        Assert.Equal(11.484, Sgp30.AbsoluteHumidity(25, 50), 0.001);
        Assert.Equal(0x0B7C, Sgp30.HumidityWord(Sgp30.AbsoluteHumidity(25, 50)));
        Assert.Equal(0x62, Crc8.Sensirion([0x0F, 0x80]));
    }

    [Fact] // BST-BMP180-DS000 §3.5
    public async Task Bmp180_DatasheetExample_GivesItsValues()
    {
        var words = new Bmp180Calibration(408, -72, -14383, 32741, 32757, 23153, 6190, 4, -32768, -8711, 2868);
        Assert.Equal((150, 69964), words.Compensate(27898, 23843, 0));
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x77, new SimulatedBmp180(bench.Time));
        await using var sensor = bench.Sensor("bmp180", ("oversampling", 1));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(15.0, reading["temperature"], 1e-9);
        Assert.Equal(69964, reading["pressure"]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public async Task Bmp180_Oversampling_GivesTheSamePressure(int oversampling)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x77, new SimulatedBmp180(bench.Time));
        await using var sensor = bench.Sensor("bmp180", ("oversampling", oversampling));
        Assert.Equal(69964, (await bench.ReadAsync(sensor))["pressure"], 20.0);
    }

    [Theory]
    [InlineData(0x19, 0x40, 25.25)] // DS3231 rev 10, temperature registers
    [InlineData(0x00, 0x00, 0.0)]
    [InlineData(0xFF, 0xC0, -0.25)]
    [InlineData(0xD8, 0x00, -40.0)]
    public void Ds3231_TemperatureRegisters_GiveTheirTemperature(byte high, byte low, double expected) => Assert.Equal(expected, Ds3231.Celsius(high, low));

    [Theory]
    [InlineData("30592304310399", "2099-03-31 23:59:30")]
    [InlineData("30597104310399", "2099-03-31 23:59:30")] // the same as 11 PM: bit 6 says 12 hours, bit 5 PM
    [InlineData("00005201010100", "2000-01-01 00:00:00")] // 12 AM
    [InlineData("00000001290224", "2024-02-29 00:00:00")]
    public void Ds3231_TimeRegisters_GiveTheirTime(string registers, string expected) =>
        Assert.Equal(expected, Ds3231.DecodeTime(Convert.FromHexString(registers))!.Value.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("60000001010100")]
    [InlineData("00000001300223")]
    [InlineData("0A000001010100")]
    [InlineData("00002401010100")]
    public void Ds3231_RegistersThatAreNoTime_GiveNone(string registers) => Assert.Null(Ds3231.DecodeTime(Convert.FromHexString(registers)));

    [Fact]
    public async Task Ds3231_StoppedSinceItWasSet_IsNotTrusted()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x68, new SimulatedDs3231(bench.Time));
        await using var sensor = bench.Sensor("ds3231");
        Assert.Equal(0, (await bench.ReadAsync(sensor))["trusted"]);
        chip.Set(new DateTimeOffset(2026, 3, 1, 11, 59, 59, TimeSpan.Zero));
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(1, reading["trusted"]);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 1, TimeSpan.Zero).ToUnixTimeSeconds(), reading["time"]);
    }

    [Fact]
    public async Task ReadAsync_BusFaults_AreNamedAndRecoveredFrom()
    {
        await I2cFaultCases.AssertAsync("scd4x", time => new SimulatedScd4x(time));
        await I2cFaultCases.AssertAsync("scd30", time => new SimulatedScd30(time));
        await I2cFaultCases.AssertAsync("sgp30", time => new SimulatedSgp30(time));
        await I2cFaultCases.AssertAsync("bmp180", time => new SimulatedBmp180(time));
        await I2cFaultCases.AssertAsync("ds3231", time => new SimulatedDs3231(time));
    }
}
