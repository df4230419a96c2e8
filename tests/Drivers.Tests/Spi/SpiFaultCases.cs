using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Spi;

/// <summary>The faults every SPI sensor must tell apart; a sensor's tests run them with its own fake.</summary>
internal static class SpiFaultCases
{
    /// <summary>MISO held low, MISO high, nothing wired, no such port: each is named, none gives a value, and after each the chip reads on.</summary>
    public static async Task AssertAsync(string driver, Func<TimeProvider, SimulatedSpiChip> make, params (string Name, object Value)[] options)
    {
        using var bench = new Bench();
        var chip = bench.Header.AddSpi("spidev0.0", make(bench.Time)); // opening it checks mode and clock
        await using (var sensor = bench.Sensor(driver, options))
        {
            await bench.ReadAsync(sensor);
            foreach (byte stuck in new byte[] { 0x00, 0xFF })
            {
                chip.StuckInput = stuck;
                Expect(await bench.FailAsync(sensor), DriverFault.Garbage, driver, "spidev0.0");
                chip.StuckInput = null;
                Assert.NotEmpty((await bench.ReadAsync(sensor)).Values);
            }

            await using var second = bench.Sensor(driver, options);
            Expect(await bench.FailAsync(second), DriverFault.Taken, driver, "spidev0.0");
        }

        bench.Header.AddSpiPort("spidev0.1");
        await using (var alone = bench.Sensor(driver, [("bus", "spidev0.1"), .. options]))
            Expect(await bench.FailAsync(alone), DriverFault.Garbage, driver, "spidev0.1");

        await using var nowhere = bench.Sensor(driver, [("bus", "spidev5.0"), .. options]);
        var missing = await bench.FailAsync(nowhere);
        Expect(missing, DriverFault.NoBus, driver, "spidev5.0");
        Assert.Contains("dtparam=spi=on", missing.Check, StringComparison.Ordinal);
    }

    private static void Expect(SensorReadException failure, DriverFault fault, string driver, string where)
    {
        Assert.Equal(fault, failure.Fault);
        Assert.Contains($"{DriverCatalog.Find(driver)!.Chip} on {where}", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(failure.Check);
    }
}
