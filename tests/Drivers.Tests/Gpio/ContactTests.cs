using Drivers.Tests.Support;
using EdgeGateway.Drivers;

namespace Drivers.Tests.Gpio;

/// <summary>What digital inputs, reed contacts and motion detectors share, and what each has for itself.</summary>
public sealed class ContactTests
{
    private const int Pin = 5;

    [Theory]
    [InlineData("digital-in", false, "on", "off")]
    [InlineData("digital-in", true, "on", "off")]
    [InlineData("reed", true, "closed", "open")]
    [InlineData("reed", false, "closed", "open")]
    public async Task Events_BothWays_AreNamedAndCounted(string driver, bool activeLow, string whenActive, string whenInactive)
    {
        using var bench = new Bench();
        bench.Header.Lines.Drive(Pin, activeLow);
        await using var device = bench.Create(driver, ("pin", Pin), ("activeLow", activeLow));
        await using var log = new EventLog(device);
        for (var i = 0; i < 2; i++)
        {
            bench.Header.Lines.Bounce(Pin, !activeLow, edges: 21);
            bench.Pass(TimeSpan.FromMilliseconds(30));
            Assert.Equal(1, (await bench.ReadAsync((ISensor)device)).Values[0].Value);
            bench.Header.Lines.Bounce(Pin, activeLow, edges: 11);
            bench.Pass(TimeSpan.FromMilliseconds(30));
        }

        var seen = await log.AtLeastAsync(4);
        Assert.Equal([whenActive, whenInactive, whenActive, whenInactive], seen.Select(happened => happened.Name));
        Assert.Equal([1, 1, 2, 2], seen.Select(happened => happened.Count));
        Assert.Equal(4, (await bench.ReadAsync((ISensor)device))["changes"]);
    }

    [Theory]
    [InlineData("digital-in")]
    [InlineData("reed")]
    [InlineData("pir")]
    public async Task Events_KernelLostSome_SaysHowMany(string driver)
    {
        using var bench = new Bench();
        bench.Header.Lines.Drive(Pin, false);
        (string, object)[] options = driver == "pir" ? [("pin", Pin), ("warmUp", "0s"), ("debounce", "0s")] : [("pin", Pin), ("debounce", "0s"), ("activeLow", false)];
        await using var device = bench.Create(driver, options);
        await using var log = new EventLog(device);
        bench.Header.Lines.LoseEvents(Pin, 12);
        bench.Header.Lines.Drive(Pin, true);
        Assert.Equal(12, (await log.AtLeastAsync(1))[0].Lost);
    }

    [Theory]
    [InlineData("digital-in")]
    [InlineData("reed")]
    [InlineData("pir")]
    [InlineData("pulse-counter")]
    [InlineData("rain-gauge")]
    public async Task ReadAsync_FloatingPin_FailsOnceAndOpensAgain(string driver)
    {
        using var bench = new Bench();
        await using var sensor = bench.Sensor(driver, ("pin", Pin), ("debounce", "0s"));
        await bench.ReadAsync(sensor);
        bench.Header.Lines.Bounce(Pin, level: false, edges: 5001);
        Assert.False(bench.Header.Lines.IsOpen(Pin));
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(DriverFault.Implausible, failure.Fault);
        Assert.Contains($"GPIO{Pin}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("float", failure.Check, StringComparison.Ordinal);
        Assert.NotEmpty((await bench.ReadAsync(sensor)).Values);
        Assert.True(bench.Header.Lines.IsOpen(Pin));
    }

    [Theory]
    [InlineData("digital-in")]
    [InlineData("reed")]
    [InlineData("pir")]
    [InlineData("flow-meter")]
    public async Task ReadAsync_PinOfTheKernel_SaysWhoHasIt(string driver)
    {
        using var bench = new Bench();
        bench.Header.Lines.OwnByKernel(Pin);
        await using var sensor = bench.Sensor(driver, ("pin", Pin));
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(DriverFault.Taken, failure.Fault);
        Assert.Contains("EBUSY", failure.Came, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reed_NotAsItNormallyIs_IsDisturbed()
    {
        using var bench = new Bench();
        await using var reed = bench.Sensor("reed", ("pin", Pin), ("normally", "closed"));
        Assert.Equal(1, (await bench.ReadAsync(reed))["disturbed"]); // nothing pulls it to ground: open
        bench.Header.Lines.Drive(Pin, false);
        bench.Pass(TimeSpan.FromMilliseconds(20));
        Assert.Equal(0, (await bench.ReadAsync(reed))["disturbed"]);
    }

    [Fact]
    public async Task Pir_WarmingUp_RaisesNothingAndSaysSo()
    {
        using var bench = new Bench();
        bench.Header.Lines.Drive(Pin, false);
        await using var pir = bench.Create("pir", ("pin", Pin));
        await using var log = new EventLog(pir);
        bench.Header.Lines.Drive(Pin, true); // the false alarm of every PIR just switched on
        bench.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(ReadingQuality.Warming, (await bench.ReadAsync((ISensor)pir)).Quality);
        bench.Time.Advance(TimeSpan.FromSeconds(60));
        bench.Header.Lines.Drive(Pin, false);
        bench.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(ReadingQuality.Good, (await bench.ReadAsync((ISensor)pir)).Quality);
        bench.Header.Lines.Drive(Pin, true);
        bench.Pass(TimeSpan.FromSeconds(3));
        bench.Header.Lines.Drive(Pin, false);
        bench.Pass(TimeSpan.FromSeconds(1));
        var seen = await log.AtLeastAsync(2);
        Assert.Equal(["motion", "still"], seen.Select(happened => happened.Name));
        Assert.Equal(3, seen[1].Value, 0.1);
        Assert.Equal(1, (await bench.ReadAsync((ISensor)pir))["motions"]);
    }

    [Fact]
    public async Task DigitalOut_Commanded_DrivesTheLine()
    {
        using var bench = new Bench();
        await using var output = bench.Actuator("digital-out", ("pin", Pin), ("activeLow", true));
        await bench.SetAsync(output, "state", "on");
        Assert.False(bench.Header.Lines.Level(Pin));
        Assert.Equal(ActuatorState.Switch(true), await bench.StateAsync(output));
        await bench.MakeSafeAsync(output);
        Assert.True(bench.Header.Lines.Level(Pin));
    }
}
