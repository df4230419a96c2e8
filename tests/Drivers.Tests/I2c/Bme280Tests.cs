using CsCheck;
using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

public sealed class Bme280Tests
{
    // BST-BMP280-DS001 rev 1.26 §3.12
    private static readonly Bme280Calibration Example = new()
    {
        T1 = 27504, T2 = 26435, T3 = -1000, P1 = 36477, P2 = -10685, P3 = 3024, P4 = 2855, P5 = 140, P6 = -7, P7 = 15500, P8 = -14600, P9 = 6000,
        H1 = 75, H2 = 355, H3 = 0, H4 = 338, H5 = 0, H6 = 30,
    };

    [Fact]
    public void Calibration_DatasheetExample_GivesItsValues()
    {
        var fine = Example.FineTemperature(519888);
        Assert.Equal(128422.287, fine, 0.001);
        Assert.Equal(25.08, fine / 5120, 0.005);
        Assert.Equal(100653.27, Example.Pressure(415148, fine), 0.05);
    }

    [Theory]
    [InlineData(30281, 47.60)]
    [InlineData(28000, 35.11)]
    public void Calibration_HumidityVectors_GiveTheirValues(int raw, double expected) => Assert.Equal(expected, Example.Humidity(raw, 128422), 0.01);

    [Fact]
    public void Calibration_SignedHumidityWords_KeepTheirSign()
    {
        // H4 = -1, H5 = -2 in the layout of DS002 Table 16.
        byte[] humidity = [0x63, 0x01, 0x00, 0xFF, 0xEF, 0xFF, 0xFE];
        var words = Bme280Calibration.Parse(new byte[24], 75, humidity);
        Assert.Equal(-1, words.H4);
        Assert.Equal(-2, words.H5);
        Assert.Equal(-2, words.H6);
    }

    [Fact]
    public void Calibration_PressureWordsThatDivideByZero_GiveNoNumber() =>
        Assert.True(double.IsNaN((Example with { P1 = 0 }).Pressure(415148, 128422)));

    [Fact]
    public void Calibration_AnyRawTemperature_RisesWithIt() =>
        Gen.Int[0, 0xFFFFE].Sample(raw => Example.FineTemperature(raw) < Example.FineTemperature(raw + 1));

    [Fact]
    public void Calibration_AnyRawValues_GiveFiniteNumbers() =>
        Gen.Select(Gen.Int[0, 0xFFFFF], Gen.Int[0, 0xFFFFF], Gen.Int[0, 0xFFFF]).Sample((t, p, h) =>
        {
            var fine = Example.FineTemperature(t);
            return double.IsFinite(fine) && double.IsFinite(Example.Pressure(p, fine)) && Example.Humidity(h, fine) is >= 0 and <= 100;
        });

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task ReadAsync_DatasheetRawValues_GivesTheDatasheetsReading(int oversampling)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme280(bench.Time)).SetRaw(519888, 415148, 30281);
        await using var sensor = bench.Sensor("bme280", ("oversampling", oversampling));

        var reading = await bench.ReadAsync(sensor);

        Assert.Equal(25.08, reading["temperature"], 0.005);
        Assert.Equal(100653.27, reading["pressure"], 0.05);
        Assert.Equal(47.60, reading["humidity"], 0.01);
        Assert.Equal(ReadingQuality.Good, reading.Quality);
        Assert.Equal(["°C", "Pa", "%RH"], reading.Values.Select(value => value.Unit));
        Assert.Equal(bench.Time.GetUtcNow(), reading.Time);
        Assert.Equal(bench.Time.GetTimestamp(), reading.Timestamp);
    }

    [Fact]
    public async Task ReadAsync_Climate_GivesItBackAndFollows()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x77, new SimulatedBme280(bench.Time));
        await using var sensor = bench.Sensor("bme280", ("address", "0x77"));
        foreach (var (celsius, pascal, humidity) in new[] { (-39.5, 31_000.0, 3.0), (21.4, 101_325.0, 48.2), (84.0, 109_000.0, 97.0) })
        {
            chip.SetClimate(celsius, pascal, humidity);
            var reading = await bench.ReadAsync(sensor);
            Assert.Equal(celsius, reading["temperature"], 0.01);
            Assert.Equal(pascal, reading["pressure"], 1.0);
            Assert.Equal(humidity, reading["humidity"], 0.1);
        }
    }

    [Fact]
    public async Task ReadAsync_OutOfRange_IsImplausible()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme280(bench.Time)).SetClimate(120, 101_325, 50);
        await using var sensor = bench.Sensor("bme280");
        Assert.Equal(ReadingQuality.Implausible, (await bench.ReadAsync(sensor)).Find("temperature")!.Value.Quality);
    }

    [Fact]
    public async Task ReadAsync_BoardIsABmp280_SaysSo()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme280(bench.Time, hasHumidity: false));
        await using var sensor = bench.Sensor("bme280");

        var failure = await bench.FailAsync(sensor);

        Assert.Equal(DriverFault.WrongChip, failure.Fault);
        Assert.Contains("0x58", failure.Came, StringComparison.Ordinal);
        Assert.Contains("bmp280", failure.Check, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_Bmp280_ReadsTemperatureAndPressure()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme280(bench.Time, hasHumidity: false)).SetRaw(519888, 415148, 0);
        await using var sensor = bench.Sensor("bmp280");
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(["temperature", "pressure"], reading.Values.Select(value => value.Name));
        Assert.Equal(100653.27, reading["pressure"], 0.05);
    }

    [Fact]
    public async Task ReadAsync_SupplyDroppedBetweenReadings_FailsOnceAndIsConfiguredAnew()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme280(bench.Time));
        await using var sensor = bench.Sensor("bme280");
        await bench.ReadAsync(sensor);
        chip.PowerCycle();
        bench.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Contains("reset value", (await bench.FailAsync(sensor)).Came, StringComparison.Ordinal);
        Assert.Equal(3, (await bench.ReadAsync(sensor)).Values.Length);
    }

    [Fact]
    public async Task ReadAsync_BusFaults_AreNamedAndRecoveredFrom()
    {
        await I2cFaultCases.AssertAsync("bme280", time => new SimulatedBme280(time));
        await I2cFaultCases.AssertAsync("bmp280", time => new SimulatedBme280(time, hasHumidity: false));
    }
}
