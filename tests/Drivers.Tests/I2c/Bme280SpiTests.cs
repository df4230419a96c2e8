using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

public sealed class Bme280SpiTests
{
    [Fact]
    public async Task ReadAsync_DatasheetRawValues_GivesTheDatasheetsReading()
    {
        using var bench = new Bench();
        bench.Header.AddSpi("spidev0.0", new SimulatedBme280Spi(bench.Time)).Chip.SetRaw(519888, 415148, 30281);
        bench.Header.AddSpi("spidev0.1", new SimulatedBme280Spi(bench.Time, hasHumidity: false)).Chip.SetRaw(519888, 415148, 0);
        await using var bme = bench.Sensor("bme280-spi");
        await using var bmp = bench.Sensor("bmp280-spi", ("bus", "spidev0.1"), ("oversampling", 16));
        var reading = await bench.ReadAsync(bme);
        Assert.Equal(25.08, reading["temperature"], 0.005);
        Assert.Equal(100653.27, reading["pressure"], 0.05);
        Assert.Equal(47.60, reading["humidity"], 0.01);
        Assert.Equal(100653.27, (await bench.ReadAsync(bmp))["pressure"], 0.05);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public async Task ReadAsync_InputLineHeld_IsAFailureAndItReadsOn(byte level)
    {
        using var bench = new Bench();
        var chip = bench.Header.AddSpi("spidev0.0", new SimulatedBme280Spi(bench.Time));
        await using var sensor = bench.Sensor("bme280-spi");
        await bench.ReadAsync(sensor);
        chip.StuckInput = level;
        var failure = await bench.FailAsync(sensor);
        Assert.Contains("BME280 on spidev0.0", failure.Message, StringComparison.Ordinal);
        chip.StuckInput = null;
        await bench.ReadAsync(sensor);
    }

    [Fact]
    public async Task ReadAsync_NothingWired_SaysSo()
    {
        using var bench = new Bench();
        bench.Header.AddSpiPort("spidev0.0");
        await using var sensor = bench.Sensor("bme280-spi");
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(DriverFault.WrongChip, failure.Fault);
        Assert.Contains("no chip", failure.Came, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_UnpluggedAndPutBack_IsConfiguredAnew()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddSpi("spidev0.0", new SimulatedBme280Spi(bench.Time));
        await using var sensor = bench.Sensor("bme280-spi");
        await bench.ReadAsync(sensor);
        chip.Chip.Unplug();
        await bench.FailAsync(sensor);
        chip.Chip.PlugIn();
        Assert.Equal(3, (await bench.ReadAsync(sensor)).Values.Length);
    }
}
