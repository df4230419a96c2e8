using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Detection;

public sealed class DeviceDetectorTests
{
    [Fact]
    public async Task Scan_StuckBus_IsGivenUpAfterAFewAddressesAndNamed()
    {
        using var bench = new Bench();
        bench.Header.AddI2cBus("i2c-0").IsStuck = true;
        bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time));
        DetectionResult? result = null;
        await bench.Time.RunAsync(Task.Run(async () => result = await new DeviceDetector(bench.Header).ScanAsync(CancellationToken.None)));

        Assert.Contains("the bus is held", Assert.Single(result!.Problems), StringComparison.Ordinal);
        Assert.Equal("0x44", Assert.Single(result.Devices).Address);
    }

    [Fact]
    public async Task Scan_ConfiguredAddress_IsLeftAloneThoughItsChipDoesNotAnswer()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time));
        chip.Unplug();
        DetectionResult? result = null;
        await bench.Time.RunAsync(Task.Run(async () => result = await new DeviceDetector(bench.Header, (bus, address) => (bus, address) == ("i2c-1", 0x44) ? "SHT3x" : null).ScanAsync(CancellationToken.None)));

        Assert.Equal("SHT3x", Assert.Single(result!.Devices).ConfiguredAs);
        Assert.Empty(chip.Transfers);
    }

    // SHT3x status, Si70xx serial number, SGP30 and SCD4x serial number, SCD30 firmware, SCD4x data ready, the pointer of a VL53L1X.
    private static readonly string[] Commands = ["F32D", "FCC9", "3682", "D100", "E4B8", "010F"];

    [Fact]
    public async Task Scan_ChipsThatShareAddressesOnTwoBuses_TellsThemApart()
    {
        using var bench = new Bench();
        var time = bench.Time;
        Wire("i2c-1", 0x76, new SimulatedBme280(time));
        Wire("i2c-2", 0x76, new SimulatedBme280(time, hasHumidity: false));
        Wire("i2c-1", 0x44, new SimulatedSht3x(time));
        Wire("i2c-2", 0x44, new SimulatedSht4x(time));
        Wire("i2c-1", 0x40, new SimulatedHtu21d(time));
        Wire("i2c-2", 0x40, new SimulatedHtu21d(time, isSi7021: true));
        Wire("i2c-1", 0x38, new SimulatedAht20(time));
        Wire("i2c-1", 0x48, new SimulatedAds1115(time));
        Wire("i2c-1", 0x18, new SimulatedMcp9808(time));
        var unknown = Wire("i2c-1", 0x2A, new UnknownChip(time));

        var result = await ScanAsync(bench);

        Assert.Equal(
            [
                "i2c-1 0x18 MCP9808 Certain", "i2c-1 0x2A ", "i2c-1 0x38 AHT20 Likely", "i2c-1 0x40 HTU21D Certain", "i2c-1 0x44 SHT3x Certain",
                "i2c-1 0x48 ADS1115 Certain", "i2c-1 0x76 BME280 Certain", "i2c-2 0x40 Si7021 Certain", "i2c-2 0x44 SHT4x Certain", "i2c-2 0x76 BMP280 Certain",
            ],
            result.Devices.Select(device => $"{device.Bus} {device.Address} " + (device.Proposals.IsEmpty ? "" : $"{device.Proposals[0].Chip} {device.Proposals[0].Confidence}")));
        Assert.All(unknown.Transfers, transfer => Assert.Empty(transfer.Written));

        T Wire<T>(string bus, int address, T chip)
            where T : SimulatedI2cChip => bench.Header.AddI2c(bus, address, chip);
    }

    [Fact]
    public async Task Scan_AnyAddress_WritesPointersAndIdentificationCommandsOnly()
    {
        int[] readOnly = [.. Enumerable.Range(0x20, 8), 0x38, .. Enumerable.Range(0x3A, 6), .. Enumerable.Range(0x50, 8), .. Enumerable.Range(0x70, 6)];
        using var bench = new Bench();
        var spies = Enumerable.Range(0x08, 0x70).Select(address => (Address: address, Spy: bench.Header.AddI2c("i2c-1", address, new EverythingChip(bench.Time)))).ToArray();

        await ScanAsync(bench);

        foreach (var (address, spy) in spies)
        {
            foreach (var transfer in spy.Transfers)
            {
                var written = Convert.ToHexString(transfer.Written.AsSpan());
                Assert.True(written.Length <= 2 || Commands.Contains(written), $"0x{address:X2} was written {written}");
                Assert.True(written.Length == 0 || !readOnly.Contains(address), $"0x{address:X2} was written {written}, and may be a PCF8574, an EEPROM or a TCA9548A");
            }
        }
    }

    [Fact]
    public async Task Scan_TwentyFourChipsOnTwoBuses_IdentifiesAllButTheUnknownAndWritesPointersAndIdentificationOnly()
    {
        using var bench = new Bench();
        var time = bench.Time;
        var unknown = new UnknownChip(time);
        (string Bus, int Address, SimulatedI2cChip Chip, string Expected)[] wired =
        [
            ("i2c-1", 0x10, new SimulatedVeml7700(time), "VEML7700"),
            ("i2c-1", 0x18, new SimulatedMcp9808(time), "MCP9808"),
            ("i2c-1", 0x29, new SimulatedVl53l0x(time), "VL53L0X"),
            ("i2c-2", 0x29, new SimulatedTsl2561(time), "TSL2561"),
            ("i2c-1", 0x2A, unknown, ""),
            ("i2c-1", 0x38, new SimulatedAht20(time), "AHT20"),
            ("i2c-1", 0x39, new SimulatedTsl2561(time), "TSL2561"),
            ("i2c-2", 0x39, new SimulatedApds9960(time), "APDS9960"),
            ("i2c-1", 0x40, new SimulatedHtu21d(time), "HTU21D"),
            ("i2c-2", 0x40, new SimulatedHtu21d(time, isSi7021: true), "Si7021"),
            ("i2c-3", 0x40, new SimulatedIna219(time), "INA219"),
            ("i2c-1", 0x41, new SimulatedIna226(time), "INA226"),
            ("i2c-2", 0x41, new SimulatedIna226(time, isIna260: true), "INA260"),
            ("i2c-1", 0x44, new SimulatedSht3x(time), "SHT3x"),
            ("i2c-2", 0x44, new SimulatedSht4x(time), "SHT4x"),
            ("i2c-3", 0x44, new SimulatedIna219(time), "INA219"),
            ("i2c-1", 0x48, new SimulatedAds1115(time), "ADS1115"),
            ("i2c-1", 0x58, new SimulatedSgp30(time), "SGP30"),
            ("i2c-1", 0x61, new SimulatedScd30(time), "SCD30"),
            ("i2c-1", 0x62, new SimulatedScd4x(time), "SCD4x"),
            ("i2c-1", 0x68, new SimulatedMpu6050(time), "MPU6050"),
            ("i2c-2", 0x68, new SimulatedDs3231(time), "DS3231"),
            ("i2c-1", 0x76, new SimulatedBme280(time), "BME280"),
            ("i2c-2", 0x76, new SimulatedBme680(time), "BME680"),
            ("i2c-3", 0x76, new SimulatedBme280(time, hasHumidity: false), "BMP280"),
            ("i2c-1", 0x77, new SimulatedBmp180(time), "BMP180"),
        ];
        foreach (var (bus, address, chip, _) in wired)
            bench.Header.AddI2c(bus, address, chip);

        var result = await ScanAsync(bench);

        var found = result.Devices.ToDictionary(device => (device.Bus, device.Address), device => device.Proposals.Where(proposal => proposal.Confidence > Confidence.Guess).ToArray());
        Assert.Equal(wired.Length, found.Count);
        foreach (var (bus, address, _, expected) in wired)
            Assert.Equal(expected, found[(bus, $"0x{address:X2}")].Select(proposal => proposal.Chip).FirstOrDefault(""));
        Assert.All(wired.Where(chip => chip.Expected.Length > 0), chip => Assert.NotNull(found[(chip.Bus, $"0x{chip.Address:X2}")][0].Driver));
        Assert.All(unknown.Transfers, transfer => Assert.Empty(transfer.Written));
        foreach (var (bus, address, chip, expected) in wired)
            AssertIdentificationOnly(chip, $"{expected} at 0x{address:X2} on {bus}");
    }

    [Fact] // a command's second byte would be a register's new value
    public async Task Scan_RunningPca9685AtACommandChipsAddress_GetsPointersOnly()
    {
        using var bench = new Bench();
        int[] addresses = [0x40, 0x44, 0x45, 0x46, 0x58, 0x61, 0x62];
        var chips = addresses.Select(address => bench.Header.AddI2c("i2c-1", address, new RunningPwm(bench.Time))).ToArray();
        var result = await ScanAsync(bench);
        Assert.All(chips, chip => Assert.All(chip.Transfers, transfer => Assert.InRange(transfer.Written.Length, 0, 1)));
        Assert.Equal(addresses.Length, result.Devices.Count(device => device.Proposals.Any(proposal => proposal.Chip == "PCA9685")));
    }

    [Fact] // an SHTC3 or a TCA9548A at 0x70 would be disturbed, and one that is not there seems to be
    public async Task Scan_Pca9685ThatAnswersItsAllCallAddress_IsNamedAsAConflictThere()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x40, new RunningPwm(bench.Time));
        var devices = (await ScanAsync(bench)).Devices;
        Assert.Equal(["0x40", "0x70"], devices.Select(device => device.Address));
        Assert.Contains(devices[1].Warnings, warning => warning.Contains("PCA9685 at 0x40 answers at 0x70 too", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scan_TwoChipsAtOneAddress_IsNamedAsAConflict()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x68, new SimulatedMpu6050(bench.Time));
        bench.Header.AddI2c("i2c-1", 0x68, new SimulatedDs3231(bench.Time));
        var device = Assert.Single((await ScanAsync(bench)).Devices);
        Assert.Empty(device.Proposals);
        var warning = Assert.Single(device.Warnings);
        Assert.Contains("MPU6050", warning, StringComparison.Ordinal);
        Assert.Contains("two chips share 0x68", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_AddressWithoutIdentification_ProposesAllThatAreFoundThereAsGuesses()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x23, new SimulatedBh1750(bench.Time));
        var device = Assert.Single((await ScanAsync(bench)).Devices);
        Assert.Equal(["BH1750", "PCF8574", "MCP23017"], device.Proposals.Select(proposal => proposal.Chip));
        Assert.All(device.Proposals, proposal => Assert.Equal(Confidence.Guess, proposal.Confidence));
        Assert.Contains("say which it is", Assert.Single(device.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_EepromOfAHat_IsNamedByTheFirmwareAndNeverWritten()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-0", 0x50, new SimulatedEeprom24c(bench.Time));
        bench.Header.Kernel.Add("/proc/device-tree/hat/vendor", "Example Ltd\0");
        bench.Header.Kernel.Add("/proc/device-tree/hat/product", "Sense HAT\0");
        var device = Assert.Single((await ScanAsync(bench)).Devices);
        Assert.Contains("Example Ltd Sense HAT", Assert.Single(device.Proposals).Reason, StringComparison.Ordinal);
        Assert.Contains("never written", Assert.Single(device.Warnings), StringComparison.Ordinal);
        Assert.All(chip.Transfers, transfer => Assert.Empty(transfer.Written));
    }

    [Fact]
    public void AddressMap_EveryAddress_HasOneEntryAtMost()
    {
        Assert.All(AddressMap.Entries, entry => Assert.True(entry.First <= entry.Last));
        for (var i = 1; i < AddressMap.Entries.Length; i++)
            Assert.True(AddressMap.Entries[i - 1].Last < AddressMap.Entries[i].First, $"0x{AddressMap.Entries[i].First:X2}");
    }

    [Fact]
    public async Task Scan_EveryI2cSensorOfTheCatalogue_IsProposedAtEachOfItsFirstAddresses()
    {
        foreach (var entry in I2c.SimulatedI2cSensors.All)
        {
            using var bench = new Bench();
            bench.Header.AddI2c("i2c-1", entry.Address, entry.Make(bench.Time));
            var device = Assert.Single((await ScanAsync(bench)).Devices);
            Assert.Contains(entry.Driver == "ads1015" ? "ads1115" : entry.Driver, device.Proposals.Select(proposal => proposal.Driver)); // the ADS1015 has the ADS1115's registers
        }
    }

    [Fact]
    public async Task Scan_ConfiguredAndKernelOwnedChips_AreNamedAndLeftAlone()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme280(bench.Time));
        bench.Header.AddI2cBus("i2c-1").OwnByKernel(0x68);
        await using var sensor = bench.Sensor("bme280");
        await bench.ReadAsync(sensor);
        chip.ClearTransfers();

        var result = await ScanAsync(bench);

        Assert.Equal(["a driver of the kernel", "BME280"], result.Devices.Select(device => device.ConfiguredAs));
        Assert.Empty(chip.Transfers);
        await bench.ReadAsync(sensor);
    }

    [Fact]
    public async Task Scan_FoundChip_CanBeCreatedFromItsProposal()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x77, new SimulatedBme280(bench.Time));
        _ = new SimulatedDs18b20(bench.Header, "28-0316a2795f1b", bench.Time);
        var result = await ScanAsync(bench);
        Assert.Equal(2, result.Devices.Length);
        foreach (var found in result.Devices)
        {
            await using var sensor = (ISensor)DriverCatalog.Create(found.Proposals[0].Driver!, found.Options, bench.Header, bench.Time);
            await bench.ReadAsync(sensor);
        }
    }

    [Fact]
    public async Task Scan_BehindAMultiplexer_FindsTheChannelsChips()
    {
        using var bench = new Bench();
        var mux = bench.Header.AddI2c("i2c-1", 0x70, new SimulatedTca9548a(bench.Time));
        mux.Add(2, 0x44, new SimulatedSht3x(bench.Time));
        mux.Add(5, 0x44, new SimulatedSht4x(bench.Time));
        var detector = new DeviceDetector(bench.Header);
        var two = await Run(bench, detector.ScanI2cAsync("i2c-1/0x70/2", CancellationToken.None));
        var five = await Run(bench, detector.ScanI2cAsync("i2c-1/0x70/5", CancellationToken.None));
        Assert.Contains(two, device => device.Address == "0x44" && device.Proposals[0].Chip == "SHT3x");
        Assert.Contains(five, device => device.Address == "0x44" && device.Proposals[0].Chip == "SHT4x");
        Assert.Equal(0, mux.Enabled);
    }

    [Fact]
    public async Task ReadAsync_SameAddressOnTwoChannels_ReadsEachItsOwn()
    {
        using var bench = new Bench();
        var mux = bench.Header.AddI2c("i2c-1", 0x70, new SimulatedTca9548a(bench.Time));
        mux.Add(0, 0x44, new SimulatedSht3x(bench.Time)).SetClimate(10, 30);
        mux.Add(1, 0x44, new SimulatedSht3x(bench.Time)).SetClimate(20, 40);
        await using var first = bench.Sensor("sht3x", ("bus", "i2c-1/0x70/0"));
        await using var second = bench.Sensor("sht3x", ("bus", "i2c-1/0x70/1"));
        Assert.Equal(10, (await bench.ReadAsync(first))["temperature"], 0.01);
        Assert.Equal(20, (await bench.ReadAsync(second))["temperature"], 0.01);
        Assert.Equal(10, (await bench.ReadAsync(first))["temperature"], 0.01);
        Assert.Equal(0, mux.Enabled);
    }

    private static void AssertIdentificationOnly(SimulatedI2cChip chip, string name)
    {
        string[] single = chip is SimulatedCommandChip ? ["00", "89"] : []; // of one byte: the pointer all have, and the SHT4x's serial number
        foreach (var transfer in chip.Transfers)
        {
            var written = Convert.ToHexString(transfer.Written.AsSpan());
            Assert.True(written.Length switch { 0 => true, 2 => single.Length == 0 || (single.Contains(written) && (transfer.Read.Length > 0 || written == "89")), _ => Commands.Contains(written) },
                $"{name} was written {written}");
        }
    }

    private static Task<DetectionResult> ScanAsync(Bench bench) => Run(bench, new DeviceDetector(bench.Header).ScanAsync(CancellationToken.None));

    private static async Task<T> Run<T>(Bench bench, Task<T> work)
    {
        await bench.Time.RunAsync(work);
        return await work;
    }

    /// <summary>A PCA9685 that drives outputs: a change of any register but the pointer shows.</summary>
    private sealed class RunningPwm(TimeProvider time) : SimulatedRegisterChip(time)
    {
        protected override void PowerOn()
        {
            Registers[0x00] = 0x21; // awake, auto-increment, ALLCALL
            Registers[0x01] = 0x04;
            Registers[0xFE] = 0x1E;
        }

        protected override bool IsWritable(byte register) => true;

        protected internal override bool Answers(int address, int home) => address == home || (address == 0x70 && (Peek(0x00) & 1) != 0);
    }

    /// <summary>Acknowledges and means nothing.</summary>
    private sealed class UnknownChip(TimeProvider time) : SimulatedI2cChip(time)
    {
        protected override void PowerOn()
        {
        }

        protected override void OnWrite(ReadOnlySpan<byte> bytes)
        {
        }

        protected override void OnRead(Span<byte> bytes) => bytes.Fill(0x5A);
    }

    /// <summary>Takes every byte and answers with 0x00, so that no step is the last.</summary>
    private sealed class EverythingChip(TimeProvider time) : SimulatedI2cChip(time)
    {
        protected override void PowerOn()
        {
        }

        protected override void OnWrite(ReadOnlySpan<byte> bytes)
        {
        }

        protected override void OnRead(Span<byte> bytes) => bytes.Clear();
    }
}
