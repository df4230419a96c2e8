using System.Device.I2c;
using System.Globalization;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace EdgeGateway.Benchmarks.Drivers;

/// <summary>
/// What a BME280 reading costs the processor beside the time its bytes need on the bus, which is to be below 50 µs. The peer is the least
/// there can be: the same transfers by hand on the same bus and the same formulas, without queue, retries, waits and messages.
/// </summary>
internal static class DriverBenchmark
{
    private const int Readings = 20_000, BusHertz = 100_000, BitsPerByte = 9, LongestMicroseconds = 50;

    public static Task<int> RunAsync(string[] args)
    {
        var time = new InstantTime();
        using var chips = new SimulatedI2cBus(1);
        chips.Add(0x76, new SimulatedBme280(time));
        using var bus = new ReplayI2cBus(chips);
        using var header = new SimulatedHeader(time);
        header.AddI2cBus("i2c-1", bus);
        var sensor = (ISensor)DriverCatalog.Create("bme280", new Dictionary<string, string>(), header, time);
        Read(sensor);
        bus.Record();
        Read(sensor);
        bus.Replay();
        var driver = Measurement.Of("drivers/bme280-reading", Readings, () =>
        {
            for (var i = 0; i < Readings; i++)
                Read(sensor);
        });
        var busMicroseconds = bus.BytesOnTheWire * BitsPerByte * 1e6 / BusHertz;

        bus.Replay();
        using var device = bus.CreateDevice(0x76);
        var calibration = new Bme280Calibration
        {
            T1 = 27504, T2 = 26435, T3 = -1000, P1 = 36477, P2 = -10685, P3 = 3024, P4 = 2855, P5 = 140, P6 = -7, P7 = 15500, P8 = -14600, P9 = 6000,
            H1 = 75, H2 = 355, H3 = 0, H4 = 338, H5 = 0, H6 = 30,
        };
        var sum = 0.0;
        var peer = Measurement.Of("drivers/bme280-by-hand", Readings, () =>
        {
            for (var i = 0; i < Readings; i++)
                sum += ByHand(device, calibration);
        });
        if (!double.IsFinite(sum))
            throw new InvalidOperationException("The peer measured nothing.");

        var microseconds = driver.Nanoseconds / 1000;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"BME280 reading: {microseconds:0.00} µs of processor (asked: below {LongestMicroseconds}), by hand {peer.Nanoseconds / 1000:0.00} µs, ratio {driver.Nanoseconds / peer.Nanoseconds:0.0}; on the bus {bus.Transfers} transfers, {bus.BytesOnTheWire} bytes, {busMicroseconds:0} µs at {BusHertz / 1000} kHz"));
        var isWithinBudget = driver.Report();
        return Task.FromResult(microseconds < LongestMicroseconds ? isWithinBudget : 1);
    }

    private static void Read(ISensor sensor)
    {
        var reading = sensor.ReadAsync(CancellationToken.None);
        if (!reading.IsCompletedSuccessfully)
            throw new InvalidOperationException("The reading waited or failed: the figure would mean nothing.");
        _ = reading.Result;
    }

    // One round of the tape: start, status, data.
    private static double ByHand(I2cDevice device, Bme280Calibration calibration)
    {
        Span<byte> frame = stackalloc byte[8];
        device.Write([0xF4, 0x25]);
        device.WriteRead([0xF3], frame[..1]);
        device.WriteRead([0xF7], frame);
        var fine = calibration.FineTemperature((frame[3] << 12) | (frame[4] << 4) | (frame[5] >> 4));
        return (fine / 5120) + calibration.Pressure((frame[0] << 12) | (frame[1] << 4) | (frame[2] >> 4), fine) + calibration.Humidity((frame[6] << 8) | frame[7], fine);
    }
}
