using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

/// <summary>What holds for every sensor on I²C, whatever the chip: each fault of the bus is named, none gives a value, and the chip reads on after it.</summary>
public sealed class EveryI2cSensorTests
{
    public static TheoryData<string> Names => SimulatedI2cSensors.Names;

    [Fact]
    public void Catalogue_EveryI2cSensor_HasItsFakeHere() => Assert.Equal(
        DriverCatalog.All.Where(driver => driver.Bus == BusKind.I2c && driver.Kind == DriverKind.Sensor).Select(driver => driver.Name),
        SimulatedI2cSensors.All.Select(entry => entry.Driver).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_HealthyChip_GivesWhatItsMetadataSays(string driver)
    {
        using var rig = new Rig(driver);
        var reading = await rig.ReadAsync();
        var known = DriverCatalog.Find(driver)!.Readings;
        Assert.Equal(rig.Bench.Time.GetUtcNow(), reading.Time);
        Assert.Equal(rig.Bench.Time.GetTimestamp(), reading.Timestamp);
        Assert.NotEmpty(reading.Values);
        foreach (var value in reading.Values)
        {
            var descriptor = known.Single(descriptor => descriptor.Name == value.Name);
            Assert.Equal(descriptor.Unit, value.Unit);
            Assert.True(double.IsFinite(value.Value), value.Name);
            Assert.True(value.Quality >= ReadingQuality.Saturated || (value.Value >= descriptor.Minimum && value.Value <= descriptor.Maximum), $"{value.Name} {value.Value}");
        }

        Assert.Equal(known.Select(descriptor => descriptor.Name).Where(name => reading.Find(name) is not null), reading.Values.Select(value => value.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_EveryErrno_IsNamedAndRecoveredFrom(string driver)
    {
        using var rig = new Rig(driver);
        await rig.ReadAsync();
        (int Errno, DriverFault Fault)[] cases =
        [
            (I2cErrno.RemoteIo, DriverFault.Absent), (I2cErrno.NoSuchDevice, DriverFault.Absent), (I2cErrno.TimedOut, DriverFault.BusStuck),
            (I2cErrno.InputOutput, DriverFault.BusFault), (I2cErrno.Again, DriverFault.BusFault),
        ];
        foreach (var (errno, fault) in cases)
        {
            rig.Chip.Faults.Fail(errno, I2cFaults.ForEver);
            var failure = await rig.FailAsync();
            Assert.Equal(fault, failure.Fault);
            Assert.Contains($"errno {errno}", failure.Came, StringComparison.Ordinal);
            rig.Chip.Faults.Clear();
            await rig.RecoverAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_RefusedThreeTimes_IsTriedAgain(string driver)
    {
        using var rig = new Rig(driver);
        await rig.ReadAsync();
        rig.Chip.Faults.Fail(I2cErrno.RemoteIo, 3);
        await rig.ReadAsync();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_GoneAfterAnyTransfer_FailsThereAndRecovers(string driver)
    {
        using var rig = new Rig(driver);
        await rig.ReadAsync();
        rig.Chip.ClearTransfers();
        await rig.ReadAsync();
        var transfers = rig.Chip.Transfers.Count;
        Assert.NotEqual(0, transfers);
        for (var after = 0; after < Math.Min(transfers, 12); after++)
        {
            rig.Chip.Faults.Fail(I2cErrno.RemoteIo, I2cFaults.ForEver, after);
            Assert.Equal(DriverFault.Absent, (await rig.FailAsync()).Fault);
            rig.Chip.Faults.Clear();
            await rig.RecoverAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_GoneAfterAnyTransferOfItsInitialisation_FailsThereAndRecovers(string driver)
    {
        int transfers;
        using (var once = new Rig(driver))
        {
            await once.ReadAsync();
            transfers = once.Chip.Transfers.Count;
        }

        using var rig = new Rig(driver);
        for (var after = 0; after < transfers; after += 1 + (transfers / 40)) // some need two hundred
        {
            rig.Chip.PowerCycle();
            await using var sensor = rig.Bench.Sensor(driver);
            rig.Chip.Faults.Fail(I2cErrno.RemoteIo, I2cFaults.ForEver, after);
            Assert.Equal(DriverFault.Absent, (await rig.Bench.FailAsync(sensor)).Fault);
            rig.Chip.Faults.Clear();
            rig.Bench.Time.Advance(TimeSpan.FromSeconds(11));
            await rig.Bench.ReadAsync(sensor);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_TwoCallersAtOnce_AreServedOneAfterTheOther(string driver)
    {
        using var rig = new Rig(driver);
        var both = Task.WhenAll(rig.Sensor.ReadAsync(CancellationToken.None).AsTask(), rig.Sensor.ReadAsync(CancellationToken.None).AsTask());
        await rig.Bench.Time.RunAsync(both);
        var readings = await both;
        Assert.All(readings, reading => Assert.NotEmpty(reading.Values));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task DisposeAsync_AfterReading_GivesItsAddressBack(string driver)
    {
        using var rig = new Rig(driver);
        await rig.ReadAsync();
        await rig.Sensor.DisposeAsync();
        await using var next = rig.Bench.Sensor(driver);
        await rig.Bench.ReadAsync(next);
        await Assert.ThrowsAsync<ObjectDisposedException>(rig.ReadAsync);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_UnpluggedAndPutBack_IsConfiguredAnew(string driver)
    {
        using var rig = new Rig(driver);
        await rig.ReadAsync();
        rig.Chip.Unplug(); // forgets its configuration
        var failure = await rig.FailAsync();
        Assert.Equal(DriverFault.Absent, failure.Fault);
        Assert.NotEmpty(failure.Check);
        rig.Chip.PlugIn();
        await rig.RecoverAsync();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_PowerGoneBetweenReadings_GivesNoStaleValueAndReadsOn(string driver)
    {
        using var rig = new Rig(driver);
        await rig.ReadAsync();
        rig.Chip.PowerCycle();
        rig.Bench.Time.Advance(TimeSpan.FromSeconds(1));
        try
        {
            await rig.ReadAsync(); // chips that need no configuration read on at once
        }
        catch (SensorReadException ex)
        {
            Assert.NotEqual(DriverFault.Absent, ex.Fault);
        }

        await rig.ReadAsync();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_LineHeldOrFloating_IsNoValue(string driver)
    {
        using var rig = new Rig(driver);
        await rig.ReadAsync();
        foreach (byte level in new byte[] { 0x00, 0xFF })
        {
            rig.Chip.Faults.StickAt(level, I2cFaults.ForEver);
            if (rig.Entry.IsMute)
            {
                var reading = await rig.ReadAsync();
                Assert.True(level == 0x00 || reading.Quality != ReadingQuality.Good, driver); // darkness and a held line look the same
            }
            else
            {
                var failure = await rig.FailAsync();
                Assert.NotEqual(DriverFault.Absent, failure.Fault);
                Assert.NotEmpty(failure.Check);
            }

            rig.Chip.Faults.Clear();
            await rig.RecoverAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_BitTurnedOverAnywhere_FailsOrReadsANumber(string driver)
    {
        using var rig = new Rig(driver);
        await rig.ReadAsync();
        for (var index = 0; index < 18; index++)
        {
            foreach (var bit in new[] { 0, 3, 7 })
            {
                rig.Chip.Faults.FlipBit(index, bit);
                try
                {
                    var reading = await rig.ReadAsync();
                    Assert.All(reading.Values, value => Assert.True(double.IsFinite(value.Value), value.Name));
                    var frame = rig.Chip.Transfers.Max(transfer => transfer.Read.Length);
                    Assert.False(rig.Entry.HasChecksum && index < frame && index > 0, $"byte {index} bit {bit} of {driver} went through"); // byte 0 may be a status that is polled
                }
                catch (SensorReadException ex)
                {
                    Assert.Contains(rig.Where, ex.Message, StringComparison.Ordinal);
                }

                rig.Chip.Faults.Clear();
                await rig.RecoverAsync();
            }
        }
    }

    [Theory]
    [Trait("Category", "Fuzz")]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_RandomBytes_FailOrAreNumbers(string driver)
    {
        var rounds = 20 * (int.TryParse(Environment.GetEnvironmentVariable("EDGEGATEWAY_FUZZ_SECONDS"), out var seconds) ? seconds : 1);
        using var rig = new Rig(driver);
        await rig.ReadAsync();
        for (var seed = 0; seed < rounds; seed++)
        {
            rig.Chip.Faults.Scramble(seed);
            try
            {
                var reading = await rig.ReadAsync();
                Assert.All(reading.Values, value => Assert.True(double.IsFinite(value.Value), $"{value.Name}, seed {seed}"));
                Assert.False(rig.Entry.HasChecksum, $"{driver}: random bytes had good checksums, seed {seed}");
            }
            catch (SensorReadException ex)
            {
                Assert.Contains(rig.Where, ex.Message, StringComparison.Ordinal);
            }

            rig.Chip.Faults.Clear();
            await rig.RecoverAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_AnotherChipAtItsAddress_IsNotReadAsOne(string driver)
    {
        foreach (byte content in new byte[] { 0x00, 0x5A, 0xA5, 0xFF })
        {
            using var bench = new Bench();
            var entry = SimulatedI2cSensors.Of(driver);
            bench.Header.AddI2c("i2c-1", entry.Address, new ConstantChip(bench.Time, content));
            await using var sensor = bench.Sensor(driver);
            if (entry.IsMute)
                continue;
            var failure = await bench.FailAsync(sensor);
            Assert.Contains($"at 0x{entry.Address:X2} on i2c-1", failure.Message, StringComparison.Ordinal);
            Assert.NotEqual(DriverFault.Absent, failure.Fault);
            Assert.NotEmpty(failure.Check);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_Cancelled_EndsAndReadsOnLater(string driver)
    {
        using var rig = new Rig(driver);
        using var cancel = new CancellationTokenSource();
        var reading = rig.Sensor.ReadAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        try
        {
            await rig.Bench.Time.RunAsync(reading);
        }
        catch (OperationCanceledException)
        {
            // It was waiting for its chip; a chip without a wait had given its reading before.
        }

        await rig.ReadAsync();
    }

    /// <summary>A chip of the table, wired, and its sensor.</summary>
    private sealed class Rig : IDisposable
    {
        public Rig(string driver)
        {
            Entry = SimulatedI2cSensors.Of(driver);
            Chip = Bench.Header.AddI2c("i2c-1", Entry.Address, Entry.Make(Bench.Time));
            Sensor = Bench.Sensor(driver);
            Where = $"{DriverCatalog.Find(driver)!.Chip} at 0x{Entry.Address:X2} on i2c-1";
        }

        public Bench Bench { get; } = new();

        public SimulatedI2cSensors.Entry Entry { get; }

        public SimulatedI2cChip Chip { get; }

        public ISensor Sensor { get; }

        public string Where { get; }

        public Task<Reading> ReadAsync() => Bench.ReadAsync(Sensor);

        public async Task<SensorReadException> FailAsync()
        {
            var failure = await Bench.FailAsync(Sensor);
            Assert.Contains(Where, failure.Message, StringComparison.Ordinal);
            return failure;
        }

        public async Task RecoverAsync()
        {
            Bench.Time.Advance(TimeSpan.FromSeconds(61)); // past the longest pause after an absence
            Assert.NotEmpty((await ReadAsync()).Values);
        }

        public void Dispose() => Bench.Dispose();
    }

    /// <summary>Takes every byte and gives one back.</summary>
    private sealed class ConstantChip(TimeProvider time, byte content) : SimulatedI2cChip(time)
    {
        protected override void PowerOn()
        {
        }

        protected override void OnWrite(ReadOnlySpan<byte> bytes)
        {
        }

        protected override void OnRead(Span<byte> bytes) => bytes.Fill(content);
    }
}
