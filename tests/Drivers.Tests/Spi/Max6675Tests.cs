using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Spi;

public sealed class Max6675Tests
{
    [Fact]
    public void Celsius_EveryCode_IsAQuarterEach()
    {
        for (var code = 0; code < 4096; code++)
            Assert.Equal(code * 0.25, Max6675.Celsius((ushort)(code << 3)));
        Assert.Equal(25, Max6675.Celsius(0x0320));
    }

    [Fact]
    public async Task ReadAsync_AgainAndAgain_LetsTheChipFinishItsConversion()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddSpi("spidev0.0", new SimulatedMax6675(bench.Time));
        await using var sensor = bench.Sensor("max6675");
        foreach (var celsius in new[] { 20.0, 400, 1000, 0.25 })
        {
            chip.SetTemperature(celsius); // a driver that polls faster than 220 ms would see 20 °C for ever
            await bench.ReadAsync(sensor);
            Assert.Equal(celsius, (await bench.ReadAsync(sensor))["temperature"]);
        }
    }

    [Theory]
    [InlineData(0x0004, DriverFault.ChipFault)]
    [InlineData(0x8320, DriverFault.Garbage)]
    [InlineData(0x0322, DriverFault.Garbage)]
    public async Task ReadAsync_OtherBits_AreFaults(int word, DriverFault fault)
    {
        using var bench = new Bench();
        bench.Header.AddSpi("spidev0.0", new SimulatedMax6675(bench.Time)).SetWord((ushort)word);
        await using var sensor = bench.Sensor("max6675");
        Assert.Equal(fault, (await bench.FailAsync(sensor)).Fault);
    }

    [Fact]
    public async Task ReadAsync_HighestCode_IsSaturated()
    {
        using var bench = new Bench();
        bench.Header.AddSpi("spidev0.0", new SimulatedMax6675(bench.Time)).SetTemperature(2000);
        await using var sensor = bench.Sensor("max6675");
        Assert.Equal(ReadingQuality.Saturated, (await bench.ReadAsync(sensor)).Quality);
    }

    [Fact]
    public Task Faults_OfTheBus_AreToldApart() => SpiFaultCases.AssertAsync("max6675", time => new SimulatedMax6675(time));
}
