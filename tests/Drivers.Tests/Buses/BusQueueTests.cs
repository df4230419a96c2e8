using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;
using Microsoft.Extensions.Time.Testing;

namespace Drivers.Tests.Buses;

public sealed class BusQueueTests
{
    [Fact]
    public async Task EnterAsync_AnotherHoldsTheBusPastTheDeadline_NamesIt()
    {
        var time = new FakeTimeProvider();
        using var queue = new BusQueue("i2c-1", time);
        await queue.EnterAsync(new BusQueue.Holder(new DeviceName("SCD30", "i2c-1", "0x61")), TimeSpan.FromSeconds(2), CancellationToken.None);
        var waiting = queue.EnterAsync(new BusQueue.Holder(new DeviceName("BME280", "i2c-1", "0x76")), TimeSpan.FromSeconds(2), CancellationToken.None).AsTask();
        var failure = await Assert.ThrowsAsync<DriverException>(() => time.RunAsync(waiting));
        Assert.Equal(DriverFault.BusBusy, failure.Fault);
        Assert.StartsWith("BME280 at 0x76 on i2c-1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("SCD30 at 0x61 has held the bus", failure.Came, StringComparison.Ordinal);

        queue.Exit();
        await queue.EnterAsync(new BusQueue.Holder(new DeviceName("BME280", "i2c-1", "0x76")), TimeSpan.FromSeconds(2), CancellationToken.None);
    }

    [Fact]
    public async Task ReadAsync_SlowChipBesideAFastOne_DoesNotHoldItUp()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x62, new SimulatedScd4x(bench.Time));
        bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time));
        await using var slow = bench.Sensor("scd4x");
        await using var fast = bench.Sensor("sht3x");
        var start = bench.Time.GetTimestamp();
        var slowly = slow.ReadAsync(CancellationToken.None).AsTask();
        await bench.ReadAsync(fast);
        Assert.InRange(bench.Time.GetElapsedTime(start).TotalMilliseconds, 15.5, 200);
        Assert.False(slowly.IsCompleted);
        await bench.Time.RunAsync(slowly);
    }

    [Fact]
    public async Task ReadAsync_TwoDevicesOfOneAddress_SecondIsToldWhoHasIt()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme280(bench.Time));
        await using var first = bench.Sensor("bme280");
        await using var second = bench.Sensor("bme680");
        await bench.ReadAsync(first);
        var failure = await bench.FailAsync(second);
        Assert.Equal(DriverFault.Taken, failure.Fault);
        Assert.Contains("BME280", failure.Came, StringComparison.Ordinal);
    }
}
