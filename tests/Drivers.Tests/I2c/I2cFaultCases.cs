using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

/// <summary>The faults every I²C sensor must tell apart; a sensor's tests run them with its own fake.</summary>
internal static class I2cFaultCases
{
    /// <summary>Absent, stuck, floating; each is named, none gives a value, and after each the chip reads on.</summary>
    public static async Task AssertAsync(string driver, Func<TimeProvider, SimulatedI2cChip> make, params (string Name, object Value)[] options)
    {
        using var bench = new Bench();
        var address = options.FirstOrDefault(option => option.Name == "address").Value as int? ?? DriverCatalog.Find(driver)!.Addresses[0];
        var chip = bench.Header.AddI2c("i2c-1", address, make(bench.Time));
        await using var sensor = bench.Sensor(driver, options);
        var where = $"at 0x{address:X2} on i2c-1";
        await bench.ReadAsync(sensor);

        await ExpectAsync(bench, sensor, () => chip.Faults.Fail(I2cErrno.TimedOut, I2cFaults.ForEver), DriverFault.BusStuck, where);
        chip.Faults.Clear();
        await RecoverAsync(bench, sensor);

        await ExpectAsync(bench, sensor, () => chip.Faults.Fail(I2cErrno.InputOutput, I2cFaults.ForEver), DriverFault.BusFault, where);
        chip.Faults.Clear();
        await RecoverAsync(bench, sensor);

        foreach (byte stuck in new byte[] { 0x00, 0xFF })
        {
            chip.Faults.StickAt(stuck, I2cFaults.ForEver);
            var garbage = await bench.FailAsync(sensor);
            Assert.Contains(where, garbage.Message, StringComparison.Ordinal);
            Assert.NotEqual(DriverFault.Absent, garbage.Fault);
            chip.Faults.Clear();
            await RecoverAsync(bench, sensor);
        }

        chip.Faults.Fail(I2cErrno.RemoteIo, 3); // three refusals in a row are tried again
        await bench.ReadAsync(sensor);

        chip.Unplug();
        var absent = await bench.FailAsync(sensor);
        Assert.Equal(DriverFault.Absent, absent.Fault);
        Assert.Contains(where, absent.Message, StringComparison.Ordinal);
        Assert.Contains("errno 121", absent.Came, StringComparison.Ordinal);
        chip.PlugIn();
        await RecoverAsync(bench, sensor); // power was off: works only if it is configured anew
    }

    private static async Task ExpectAsync(Bench bench, ISensor sensor, Action fault, DriverFault expected, string where)
    {
        fault();
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(expected, failure.Fault);
        Assert.Contains(where, failure.Message, StringComparison.Ordinal);
    }

    private static async Task RecoverAsync(Bench bench, ISensor sensor)
    {
        bench.Time.Advance(TimeSpan.FromSeconds(61));
        var reading = await bench.ReadAsync(sensor);
        Assert.NotEmpty(reading.Values);
    }
}
