using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Uart;

/// <summary>The faults every serial sensor must tell apart; a sensor's tests run them with its own fake.</summary>
internal static class UartFaultCases
{
    private const string Port = "serial0";

    /// <summary>Chunks, garbage, cut frames, wrong checksums, silence, a line that hangs up; after each the sensor reads on.</summary>
    /// <param name="wire">Puts the fake at the far end.</param>
    public static async Task AssertAsync(string driver, Action<Bench, SimulatedUart> wire, params (string Name, object Value)[] options)
    {
        using var bench = new Bench();
        using var line = new SimulatedUart();
        wire(bench, bench.Header.AddUart(Port, line));
        await using var sensor = bench.Sensor(driver, [("bus", Port), .. options]);
        var right = await bench.ReadAsync(sensor);

        await ReadThroughNoiseAsync(bench, sensor, line, right);

        foreach (var alter in new Func<byte[], byte[]>[] { CutOff, FlipABit })
        {
            line.Alter = alter;
            Expect(await bench.FailAsync(sensor), driver, DriverFault.Garbage, DriverFault.Checksum);
            line.Alter = null;
            await RecoverAsync(bench, sensor, right);
        }

        line.Alter = _ => [.. "\r\nraspberrypi login: "u8]; // the console was left on
        Expect(await bench.FailAsync(sensor), driver, DriverFault.Garbage);
        line.Alter = _ => [];
        var silence = await bench.FailAsync(sensor);
        Expect(silence, driver, DriverFault.Absent);
        Assert.Contains("not one byte", silence.Came, StringComparison.Ordinal);
        line.Alter = null;
        await RecoverAsync(bench, sensor, right);

        line.HangUp();
        Expect(await bench.FailAsync(sensor), driver, DriverFault.Absent);
        line.PlugIn();
        await RecoverAsync(bench, sensor, right);

        await using var second = bench.Sensor(driver, [("bus", Port), .. options]);
        Expect(await bench.FailAsync(second), driver, DriverFault.Taken);
        await using var nowhere = bench.Sensor(driver, [("bus", "ttyUSB7"), .. options]);
        Expect(await bench.FailAsync(nowhere), driver, DriverFault.NoBus);
    }

    private static async Task ReadThroughNoiseAsync(Bench bench, ISensor sensor, SimulatedUart line, Reading right)
    {
        var random = new Random(7);
        line.Chunking = new Random(8);
        line.LargestPiece = 5;
        for (var i = 0; i < 40; i++)
        {
            line.Alter = bytes =>
            {
                var garbage = new byte[random.Next(0, 40)];
                random.NextBytes(garbage);
                return [.. garbage, .. bytes];
            };
            Same(right, await bench.ReadAsync(sensor));
        }

        line.Alter = null;
        line.LargestPiece = 1;
        Same(right, await bench.ReadAsync(sensor));
        (line.Chunking, line.LargestPiece) = (null, int.MaxValue);
    }

    private static byte[] CutOff(byte[] bytes) => bytes[..(bytes.Length * 2 / 3)];

    private static byte[] FlipABit(byte[] bytes)
    {
        bytes[Math.Min(5, bytes.Length - 1)] ^= 0x04;
        return bytes;
    }

    private static async Task RecoverAsync(Bench bench, ISensor sensor, Reading right)
    {
        bench.Time.Advance(TimeSpan.FromSeconds(61));
        Same(right, await bench.ReadAsync(sensor));
    }

    private static void Same(Reading expected, Reading actual) =>
        Assert.Equal(expected.Values.Where(value => value.Name != "clockOffset").Select(value => value.Value), actual.Values.Where(value => value.Name != "clockOffset").Select(value => value.Value));

    private static void Expect(SensorReadException failure, string driver, params ReadOnlySpan<DriverFault> faults)
    {
        Assert.True(faults.Contains(failure.Fault), $"{failure.Fault}: {failure.Message}");
        Assert.Contains(DriverCatalog.Find(driver)!.Chip + " on ", failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(failure.Check);
    }
}
