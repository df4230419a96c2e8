using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Leases;

public sealed class DeviceLeaseTests
{
    [Fact]
    public void Dispose_ClosesWhatIsOpen_AndTheNextMayOpenIt()
    {
        using var bench = new Bench();
        bench.Header.AddI2cBus("i2c-1");
        bench.Header.AddSpiPort("spidev0.0");
        var lease = new DeviceLease();
        var header = new LeasedHeader(bench.Header, lease);
        header.OpenI2c("i2c-1").Open(0x40, "A");
        header.OpenSpi("spidev0.0", "A", new SpiParameters(System.Device.Spi.SpiMode.Mode0, 1_000_000));
        header.Gpio.OpenOutput(5, "A", high: false);
        header.Gpio.OpenInput(6, "A", GpioPull.Up, TimeSpan.Zero, _ => { });
        header.Gpio.Reserve(7, "A");
        Assert.Equal(5, lease.Count);
        lease.Dispose();
        Assert.Equal(0, lease.Count);

        using var next = new DeviceLease();
        var again = new LeasedHeader(bench.Header, next);
        again.OpenI2c("i2c-1").Open(0x40, "B");
        again.OpenSpi("spidev0.0", "B", new SpiParameters(System.Device.Spi.SpiMode.Mode0, 1_000_000));
        again.Gpio.OpenOutput(5, "B", high: false);
        again.Gpio.OpenInput(6, "B", GpioPull.Up, TimeSpan.Zero, _ => { });
        again.Gpio.Reserve(7, "B");
        Assert.Equal(5, next.Count);
    }

    [Fact]
    public void Handle_ClosedByItsDriver_IsNoLongerCounted()
    {
        using var bench = new Bench();
        bench.Header.AddI2cBus("i2c-1");
        using var lease = new DeviceLease();
        var header = new LeasedHeader(bench.Header, lease);
        for (var i = 0; i < 100; i++)
            header.OpenI2c("i2c-1").Open(0x40, "A").Dispose();

        Assert.Equal(0, lease.Count);
    }

    [Fact]
    public void HandleOfTheFormer_DoesNotTouchTheLineOfTheNext()
    {
        using var bench = new Bench();
        var lease = new DeviceLease();
        var former = new LeasedHeader(bench.Header, lease).Gpio.OpenOutput(5, "A", high: false);
        lease.Dispose();
        using var line = bench.Header.Gpio.OpenOutput(5, "B", high: true);

        Assert.Throws<ObjectDisposedException>(() => former.Write(false));
        former.Dispose();
        Assert.True(bench.Header.Lines.Level(5));
        Assert.True(bench.Header.Lines.IsOpen(5));
    }

    [Fact]
    public void Open_MoreThanAnyDriverNeeds_IsALeak()
    {
        using var bench = new Bench();
        bench.Header.AddI2cBus("i2c-1");
        using var lease = new DeviceLease();
        var bus = new LeasedHeader(bench.Header, lease).OpenI2c("i2c-1");
        for (var i = 0; i < DeviceLease.MostHandles; i++)
            bus.Open(0x10 + i, "A");

        Assert.Throws<HandleLeakException>(() => bus.Open(0x60, "A"));
        using var other = bench.Header.OpenI2c("i2c-1").Open(0x60, "B"); // it was closed again
    }

    [Fact]
    public void Open_AfterTheEnd_IsClosedAgain()
    {
        using var bench = new Bench();
        var lease = new DeviceLease();
        var header = new LeasedHeader(bench.Header, lease);
        lease.Dispose();

        Assert.Throws<ObjectDisposedException>(() => header.Gpio.OpenOutput(5, "A", high: true));
        Assert.Empty(bench.Header.Lines.Edges(5));
    }
}
