using Drivers.Tests.Support;
using EdgeGateway.Drivers;

namespace Drivers.Tests.Gpio;

public sealed class RelayTests
{
    private const int Pin = 27;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SetAsync_OnAndOff_DrivesTheLineAndReadsItBack(bool activeLow)
    {
        using var bench = new Bench();
        await using var relay = bench.Actuator("relay", ("pin", Pin), ("activeLow", activeLow));
        await bench.SetAsync(relay, "state", "on");
        Assert.Equal(!activeLow, bench.Header.Lines.Level(Pin));
        Assert.Equal(ActuatorState.Switch(true), await relay.ReadStateAsync(CancellationToken.None));
        await bench.SetAsync(relay, "state", "off");
        Assert.Equal(activeLow, bench.Header.Lines.Level(Pin));
        Assert.Equal(ActuatorState.Switch(false), await relay.ReadStateAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(false, "off", false)]
    [InlineData(true, "off", true)]
    [InlineData(false, "on", true)]
    public async Task MakeSafeAsync_AtStart_OpensTheLineAtItsSafeLevelWithoutAnEdge(bool activeLow, string safe, bool level)
    {
        using var bench = new Bench();
        await using (var relay = bench.Actuator("relay", ("pin", Pin), ("activeLow", activeLow), ("safe", safe)))
        {
            await relay.MakeSafeAsync(CancellationToken.None);
            Assert.Equal([level], bench.Header.Lines.Recording(Pin).Select(change => change.High));
            await bench.SetAsync(relay, "state", safe == "on" ? "off" : "on");
        }

        Assert.Equal([level, !level, level], bench.Header.Lines.Recording(Pin).Select(change => change.High));
        Assert.False(bench.Header.Lines.IsOpen(Pin));
    }

    [Fact]
    public async Task SetAsync_Twice_MakesOneEdge()
    {
        using var bench = new Bench();
        await using var relay = bench.Actuator("relay", ("pin", Pin));
        await bench.SetAsync(relay, "state", "on");
        await bench.SetAsync(relay, "state", "on");
        Assert.Single(bench.Header.Lines.Recording(Pin));
    }

    [Fact]
    public async Task SetAsync_AnotherWord_IsRefusedAndDrivesNothing()
    {
        using var bench = new Bench();
        await using var relay = bench.Actuator("relay", ("pin", Pin));
        var failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(relay, "state", "maybe"));
        Assert.Equal(DriverFault.Option, failure.Fault);
        Assert.Empty(bench.Header.Lines.Recording(Pin));
    }

    [Fact]
    public async Task SetAsync_PinInUse_NamesWhoHasIt()
    {
        using var bench = new Bench();
        await using var relay = bench.Actuator("relay", ("pin", Pin));
        await using var button = bench.Sensor("button", ("pin", Pin));
        await bench.ReadAsync(button);
        var failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(relay, "state", "on"));
        Assert.Equal(DriverFault.Taken, failure.Fault);
        Assert.Contains("button", failure.Came, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetAsync_PinOwnedByTheKernel_SaysSo()
    {
        using var bench = new Bench();
        bench.Header.Lines.OwnByKernel(Pin);
        await using var relay = bench.Actuator("relay", ("pin", Pin));
        var failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(relay, "state", "on"));
        Assert.Equal(DriverFault.Taken, failure.Fault);
    }
}
