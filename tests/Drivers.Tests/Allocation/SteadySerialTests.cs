using System.Runtime.CompilerServices;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;
using EdgeGateway.Tests;

namespace Drivers.Tests.Allocation;

/// <summary>A steady polling loop over SPI and serial lines allocates the reading and nothing beside it.</summary>
public sealed class SteadySerialTests
{
    private const int ArrayHeader = 24, RecordBytes = 48; // a reading: header, array, wall time with its offset, timestamp

    [Theory]
    [InlineData("mcp3008")]
    [InlineData("mcp3208")]
    [InlineData("max31855")]
    [InlineData("max31865")]
    [InlineData("max6675")]
    public async Task ReadAsync_Spi_AllocatesTheReadingOnly(string driver)
    {
        var time = new InstantTime();
        using var header = new SimulatedHeader(time);
        header.AddSpi<SimulatedSpiChip>("spidev0.0", driver switch
        {
            "mcp3008" => Charged(new SimulatedMcp3008(time, 10)),
            "mcp3208" => Charged(new SimulatedMcp3008(time, 12)),
            "max31855" => new SimulatedMax31855(time),
            "max31865" => new SimulatedMax31865(time),
            _ => new SimulatedMax6675(time),
        });
        await using var sensor = (ISensor)DriverCatalog.Create(driver, new Dictionary<string, string>(), header, time);
        AssertReadingOnly(sensor);
    }

    [Theory]
    [InlineData("mh-z19", "FF86026047000000D1")]
    [InlineData("pms5003", "")]
    public async Task ReadAsync_Uart_AllocatesTheReadingOnly(string driver, string frame)
    {
        var bytes = frame == "" ? new SimulatedPms5003(new SimulatedUart()).Frame() : Convert.FromHexString(frame);
        using var header = new SimulatedHeader(TimeProvider.System);
        var line = header.AddUart("serial0", new SimulatedUart());
        line.OnReceived = _ => line.Send(bytes); // the fakes of the chips make arrays
        await using var sensor = (ISensor)DriverCatalog.Create(driver, new Dictionary<string, string>(), header, TimeProvider.System);
        AssertReadingOnly(sensor);
    }

    private static SimulatedMcp3008 Charged(SimulatedMcp3008 chip)
    {
        chip.SetInput(0, 1.5);
        return chip;
    }

    private static void AssertReadingOnly(ISensor sensor)
    {
        const int Readings = 1000;
        var values = 0;
        var bytes = Allocations.Least(() =>
        {
            for (var i = 0; i < Readings; i++)
            {
                var work = sensor.ReadAsync(CancellationToken.None);
                Assert.True(work.IsCompletedSuccessfully);
                values = work.Result.Values.Length;
            }
        }) / Readings;
        var reading = RecordBytes + ArrayHeader + (values * Unsafe.SizeOf<ReadingValue>());
#if DEBUG
        Assert.InRange(bytes, reading, 20 * reading); // the compiler makes state machines classes in a debug build
#else
        Assert.Equal(reading, bytes);
#endif
    }
}
