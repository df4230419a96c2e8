using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.OneWire;

public sealed class Ds18b20Tests
{
    private const string Rom = "28-0316a2795f1b";

    [Theory]
    [InlineData(0x07D0, 125)] // DS18B20 rev 6 Table 1
    [InlineData(0x0550, 85)]
    [InlineData(0x0191, 25.0625)]
    [InlineData(0x00A2, 10.125)]
    [InlineData(0x0008, 0.5)]
    [InlineData(0x0000, 0)]
    [InlineData(0xFFF8, -0.5)]
    [InlineData(0xFF5E, -10.125)]
    [InlineData(0xFE6F, -25.0625)]
    [InlineData(0xFC90, -55)]
    public void Celsius_DatasheetWord_GivesItsTemperature(int raw, double expected) =>
        Assert.Equal(expected, new Ds18b20Scratchpad([(byte)raw, (byte)(raw >> 8), 0, 0, 0, 0, 0, 0, 0]).Celsius("28"));

    [Theory]
    [InlineData("AA00", 0x0C, 84.75 + 0.25)] // DS18S20: +85 after power-on reads AA 00 with COUNT REMAIN 0x0C
    [InlineData("3200", 0x0C, 25.0)]
    public void Celsius_Ds18s20Word_IsRefinedByItsCounter(string word, byte remain, double expected)
    {
        var bytes = Convert.FromHexString(word);
        Assert.Equal(expected, new Ds18b20Scratchpad([bytes[0], bytes[1], 0, 0, 0xFF, 0xFF, remain, 0x10, 0]).Celsius("10"), 1e-9);
    }

    [Fact]
    public void Parse_KernelLine_GivesTheBytesAndAGoodChecksum()
    {
        var scratchpad = Ds18b20Scratchpad.Parse("72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n")!.Value;
        Assert.True(scratchpad.ChecksumFits);
        Assert.Equal(23.125, scratchpad.Celsius("28"));
    }

    [Theory]
    [InlineData("72 01 4b")]
    [InlineData("zz 01 4b 46 7f ff 0e 10 57 : crc=57 YES")]
    [InlineData("\n")]
    public void Parse_OtherShape_GivesNothing(string text) => Assert.Null(Ds18b20Scratchpad.Parse(text));

    [Theory]
    [InlineData(-40.0)]
    [InlineData(-0.0625)]
    [InlineData(23.125)]
    [InlineData(124.0)]
    public async Task ReadAsync_Temperature_GivesItBack(double celsius)
    {
        using var bench = new Bench();
        new SimulatedDs18b20(bench.Header, Rom, bench.Time).SetTemperature(celsius);
        await using var sensor = bench.Sensor("ds18b20", ("rom", Rom));
        Assert.Equal(celsius, (await bench.ReadAsync(sensor))["temperature"]);
    }

    [Fact]
    public async Task ReadAsync_OnlyOneAndNoRom_FindsIt()
    {
        using var bench = new Bench();
        _ = new SimulatedDs18b20(bench.Header, Rom, bench.Time);
        await using var sensor = bench.Sensor("ds18b20");
        Assert.Equal(21, (await bench.ReadAsync(sensor))["temperature"]);
    }

    [Fact]
    public async Task ReadAsync_TwoAndNoRom_NamesBoth()
    {
        using var bench = new Bench();
        _ = new SimulatedDs18b20(bench.Header, Rom, bench.Time);
        _ = new SimulatedDs18b20(bench.Header, "28-000000000001", bench.Time);
        await using var sensor = bench.Sensor("ds18b20");
        var failure = await bench.FailAsync(sensor);
        Assert.Contains(Rom, failure.Came, StringComparison.Ordinal);
        Assert.Contains("28-000000000001", failure.Came, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_NoMaster_SaysHowToEnableIt()
    {
        using var bench = new Bench();
        await using var sensor = bench.Sensor("ds18b20", ("rom", Rom));
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(DriverFault.NoBus, failure.Fault);
        Assert.Contains("dtoverlay=w1-gpio", failure.Check, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_Resolution_IsWrittenAndConvertsFaster()
    {
        using var bench = new Bench();
        new SimulatedDs18b20(bench.Header, Rom, bench.Time).SetTemperature(20.3);
        await using var sensor = bench.Sensor("ds18b20", ("rom", Rom), ("resolution", "9"));
        var before = bench.Time.GetTimestamp();
        Assert.Equal(20.0, (await bench.ReadAsync(sensor))["temperature"]);
        Assert.InRange(bench.Time.GetElapsedTime(before).TotalMilliseconds, 90, 120);
    }

    [Fact]
    public async Task ReadAsync_FaultsOfTheWire_AreToldApart()
    {
        using var bench = new Bench();
        var slave = new SimulatedDs18b20(bench.Header, Rom, bench.Time);
        await using var sensor = bench.Sensor("ds18b20", ("rom", Rom));
        await bench.ReadAsync(sensor);
        foreach (var (inject, expected) in new (Action, DriverFault)[]
        {
            (() => slave.SpoilChecksum(), DriverFault.Checksum),
            (() => slave.GoEmpty(), DriverFault.Garbage),
            (() => slave.Short(), DriverFault.Garbage),
            (() => slave.LosePower(), DriverFault.Implausible),
            (() => slave.DenyAccess(), DriverFault.NoPermission),
        })
        {
            inject();
            var failure = await bench.FailAsync(sensor);
            Assert.Equal(expected, failure.Fault);
            Assert.Contains($"DS18B20 at {Rom} on w1", failure.Message, StringComparison.Ordinal);
            Assert.Equal(21, (await bench.ReadAsync(sensor))["temperature"]);
        }
    }

    [Fact]
    public async Task ReadAsync_Really85Degrees_IsBelievedWithNeighbours()
    {
        using var bench = new Bench();
        var slave = new SimulatedDs18b20(bench.Header, Rom, bench.Time);
        await using var sensor = bench.Sensor("ds18b20", ("rom", Rom));
        slave.SetTemperature(84.5);
        await bench.ReadAsync(sensor);
        slave.SetTemperature(85);
        Assert.Equal(85, (await bench.ReadAsync(sensor))["temperature"]);
    }

    [Fact]
    public async Task ReadAsync_VanishedAndBack_ReadsOnAfterAPowerCycle()
    {
        using var bench = new Bench();
        var slave = new SimulatedDs18b20(bench.Header, Rom, bench.Time);
        await using var sensor = bench.Sensor("ds18b20", ("rom", Rom), ("powerPin", 22));
        await bench.ReadAsync(sensor);
        slave.Vanish();
        Assert.Equal(DriverFault.Absent, (await bench.FailAsync(sensor)).Fault);
        bench.Header.Lines.OutputChanged += (pin, high) =>
        {
            if (pin == 22 && high)
                slave.Appear(); // as a DS18B20 does when its supply comes back
        };
        bench.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(21, (await bench.ReadAsync(sensor))["temperature"]);
        Assert.Equal([true, false, true], bench.Header.Lines.Recording(22).Select(change => change.High));
    }
}
