using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

public sealed class Sht3xTests
{
    [Theory]
    [InlineData("high")]
    [InlineData("medium")]
    [InlineData("low")]
    public async Task ReadAsync_KnownFrame_GivesItsValues(string repeatability)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time)).SetRaw(0x6666, 0x8000); // frame 66 66 93 80 00 A2
        await using var sensor = bench.Sensor("sht3x", ("repeatability", repeatability));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(25.00, reading["temperature"], 0.005);
        Assert.Equal(50.00, reading["humidity"], 0.005);
    }

    [Fact]
    public async Task ReadAsync_WholeRawRange_RisesAndStaysInRange()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time));
        await using var sensor = bench.Sensor("sht3x");
        var last = double.NegativeInfinity;
        for (var raw = 1; raw < 0xFFFF; raw += 0x1111)
        {
            chip.SetRaw((ushort)raw, (ushort)raw);
            var reading = await bench.ReadAsync(sensor);
            Assert.True(reading["temperature"] > last);
            Assert.InRange(reading["humidity"], 0, 100);
            last = reading["temperature"];
        }
    }

    [Fact]
    public async Task ReadAsync_WrongChecksum_IsAFailureThatShowsTheBytes()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time));
        await using var sensor = bench.Sensor("sht3x");
        await bench.ReadAsync(sensor);
        chip.SpoilChecksum();

        var failure = await bench.FailAsync(sensor);

        Assert.Equal(DriverFault.Checksum, failure.Fault);
        Assert.Contains("80 00 with checksum F7 instead of A2", failure.Came, StringComparison.Ordinal);
        await bench.ReadAsync(sensor);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task ReadAsync_BitTurnedOver_IsAFailure(int index)
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time));
        await using var sensor = bench.Sensor("sht3x");
        await bench.ReadAsync(sensor);
        chip.Faults.FlipBit(index, 3);
        Assert.Equal(DriverFault.Checksum, (await bench.FailAsync(sensor)).Fault);
    }

    [Fact]
    public async Task ReadAsync_HeaterLeftOnByAnother_FailsAndTurnsItOff()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time));
        await using var sensor = bench.Sensor("sht3x");
        await bench.ReadAsync(sensor);
        chip.TurnHeaterOn();
        Assert.Contains("heater", (await bench.FailAsync(sensor)).Came, StringComparison.Ordinal);
        await bench.ReadAsync(sensor);
    }

    [Fact]
    public async Task Fake_ReadTooEarlyOrWithRepeatedStart_IsNotAcknowledged()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time));
        var bus = bench.Header.AddI2cBus("i2c-1");
        bus.Transfer(0x44, [0x24, 0x00], [], isRead: false);
        Assert.Equal(I2cErrno.RemoteIo, Assert.Throws<I2cTransferException>(() => bus.Transfer(0x44, [], new byte[6], isRead: true)).Errno);
        bench.Time.Advance(TimeSpan.FromMilliseconds(16));
        var frame = new byte[6];
        bus.Transfer(0x44, [], frame, isRead: true);
        Assert.Equal("6666938000A2", Convert.ToHexString(frame));
        Assert.Throws<I2cTransferException>(() => bus.Transfer(0x44, [0xF3, 0x2D], new byte[3], isRead: true));
        await Task.CompletedTask;
    }

    [Fact]
    public Task ReadAsync_BusFaults_AreNamedAndRecoveredFrom() => I2cFaultCases.AssertAsync("sht3x", time => new SimulatedSht3x(time));
}
