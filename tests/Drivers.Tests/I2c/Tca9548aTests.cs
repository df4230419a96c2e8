using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

public sealed class Tca9548aTests
{
    [Fact]
    public async Task ReadAsync_ChannelsOfTwoSwitchesBehindEachOther_ReachTheirChips()
    {
        using var bench = new Bench();
        var outer = bench.Header.AddI2c("i2c-1", 0x70, new SimulatedTca9548a(bench.Time));
        var inner = outer.Add(3, 0x71, new SimulatedTca9548a(bench.Time));
        inner.Add(5, 0x44, new SimulatedSht3x(bench.Time)).SetClimate(12, 34);
        outer.Add(0, 0x44, new SimulatedSht3x(bench.Time)).SetClimate(56, 78);
        await using var deep = bench.Sensor("sht3x", ("bus", "i2c-1/0x70/3/0x71/5"));
        await using var shallow = bench.Sensor("sht3x", ("bus", "i2c-1/0x70/0"));
        Assert.Equal(12, (await bench.ReadAsync(deep))["temperature"], 0.01);
        Assert.Equal(56, (await bench.ReadAsync(shallow))["temperature"], 0.01);
        Assert.Equal(12, (await bench.ReadAsync(deep))["temperature"], 0.01);
        Assert.Equal(0, outer.Enabled);
    }

    [Fact]
    public async Task ReadAsync_ManyReadersOfEightChannels_NeverJoinTwo()
    {
        using var bench = new Bench();
        var mux = bench.Header.AddI2c("i2c-1", 0x70, new SimulatedTca9548a(bench.Time));
        var sensors = new List<ISensor>();
        for (var channel = 0; channel < 8; channel++)
        {
            mux.Add(channel, 0x38, new SimulatedAht20(bench.Time)).SetClimate(10 + channel, 50);
            sensors.Add(bench.Sensor("aht20", ("bus", $"i2c-1/0x70/{channel}")));
        }

        for (var round = 0; round < 3; round++)
        {
            var readings = Task.WhenAll(sensors.Select(sensor => sensor.ReadAsync(CancellationToken.None).AsTask()));
            await bench.Time.RunAsync(readings);
            var all = await readings;
            Assert.All(all, (reading, channel) => Assert.Equal(10 + channel, reading["temperature"], 0.01));
        }

        Assert.All(mux.Transfers.Where(transfer => transfer.Written.Length == 1), transfer => Assert.True(System.Numerics.BitOperations.PopCount(transfer.Written[0]) <= 1));
    }

    [Fact]
    public async Task ReadAsync_SwitchIsGone_IsNamedInsteadOfTheChipBehindIt()
    {
        using var bench = new Bench();
        var mux = bench.Header.AddI2c("i2c-1", 0x70, new SimulatedTca9548a(bench.Time));
        mux.Add(2, 0x44, new SimulatedSht3x(bench.Time));
        await using var sensor = bench.Sensor("sht3x", ("bus", "i2c-1/0x70/2"));
        await bench.ReadAsync(sensor);
        mux.Unplug();
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(DriverFault.Absent, failure.Fault);
        Assert.Contains("TCA9548A at 0x70 on i2c-1", failure.Message, StringComparison.Ordinal);
        mux.PlugIn();
        bench.Time.Advance(TimeSpan.FromSeconds(61));
        await bench.ReadAsync(sensor);
    }

    [Fact]
    public async Task ReadAsync_ChipBehindTheSwitchIsGone_IsNamedWithItsChannel()
    {
        using var bench = new Bench();
        var mux = bench.Header.AddI2c("i2c-1", 0x70, new SimulatedTca9548a(bench.Time));
        var chip = mux.Add(2, 0x44, new SimulatedSht3x(bench.Time));
        await using var sensor = bench.Sensor("sht3x", ("bus", "i2c-1/0x70/2"));
        await bench.ReadAsync(sensor);
        chip.Unplug();
        Assert.Contains("SHT3x at 0x44 on i2c-1/0x70/2", (await bench.FailAsync(sensor)).Message, StringComparison.Ordinal);
        Assert.Equal(0, mux.Enabled);
    }

    [Fact]
    public async Task ReadAsync_ChannelLeftJoinedByAnotherProgram_IsTold()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x70, new SimulatedTca9548a(bench.Time));
        await using var sensor = bench.Sensor("tca9548a");
        Assert.Equal((0, ReadingQuality.Good), ((await bench.ReadAsync(sensor))["joined"], (await bench.ReadAsync(sensor)).Quality));
        bench.Header.AddI2cBus("i2c-1").Transfer(0x70, [0b0000_0101], [], isRead: false);
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal((5, ReadingQuality.Implausible), (reading["joined"], reading.Quality));
    }

    [Theory]
    [InlineData("i2c-1/0x70/8")]
    [InlineData("i2c-1/0x6F/1")]
    [InlineData("i2c-1/0x70")]
    public async Task ReadAsync_BusThatIsNoChannel_SaysHowItReads(string bus)
    {
        using var bench = new Bench();
        bench.Header.AddI2cBus("i2c-1");
        await using var sensor = bench.Sensor("sht3x", ("bus", bus));
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(DriverFault.Option, failure.Fault);
        Assert.Contains("i2c-1/0x70/3", failure.Check, StringComparison.Ordinal);
    }
}
