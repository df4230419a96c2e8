using System.Runtime.CompilerServices;
using Drivers.Tests.I2c;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;
using EdgeGateway.Tests;

namespace Drivers.Tests.Allocation;

/// <summary>A steady polling loop allocates the reading and nothing beside it.</summary>
public sealed class SteadyPollingTests
{
    private const int ArrayHeader = 24, RecordBytes = 48; // a reading: header, array, wall time with its offset, timestamp

    public static TheoryData<string> Names => SimulatedI2cSensors.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_SteadyPolling_AllocatesTheReadingOnly(string driver)
    {
        var time = new InstantTime();
        var entry = SimulatedI2cSensors.Of(driver);
        using var chips = new SimulatedI2cBus(1);
        chips.Add(entry.Address, entry.Make(time));
        using var bus = new ReplayI2cBus(chips);
        using var header = new SimulatedHeader(time);
        header.AddI2cBus("i2c-1", bus);
        await using var sensor = (ISensor)DriverCatalog.Create(driver, new Dictionary<string, string>(), header, time);
        var values = 0;
        for (var i = 0; i < 400; i++)
            Read(); // past every warm-up
        bus.Record();
        Read();
        bus.Replay();
        for (var i = 0; i < 100; i++)
            Read();

        const int Readings = 1000;
        var bytes = Allocations.Least(() =>
        {
            for (var i = 0; i < Readings; i++)
                Read();
        }) / Readings;
        var reading = RecordBytes + ArrayHeader + (values * Unsafe.SizeOf<ReadingValue>());
#if DEBUG
        Assert.InRange(bytes, reading, 20 * reading); // the compiler makes state machines classes in a debug build
#else
        Assert.Equal(reading, bytes);
#endif

        void Read()
        {
            var work = sensor.ReadAsync(CancellationToken.None);
            Assert.True(work.IsCompletedSuccessfully);
            values = work.Result.Values.Length;
        }
    }
}
