using EdgeGateway.Devices;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;
using Xunit;

namespace EdgeGateway.Tests.Devices;

/// <summary>One device that hangs, throws, leaks or goes affects itself alone, says why, and comes back by itself.</summary>
[Collection(VirtualTime.Name)]
public sealed class SupervisionTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Throwing_IsStartedAnewWithGrowingPauses_AndSaysWhyEverywhere()
    {
        await using var bench = new DeviceBench();
        var made = new List<DateTimeOffset>();
        var fails = true;
        await bench.StartAsync(With(bench, context =>
        {
            lock (made)
                made.Add(bench.Time.GetUtcNow());
            return new ScriptedSensor(context, _ => fails ? throw new InvalidOperationException("index out of range") : new(21));
        }));
        await bench.PassUntilAsync(() => Count(made) >= 5, TimeSpan.FromMinutes(1));

        var device = bench.Supervisor.Find("odd")!;
        Assert.Equal((WiredState.Failed, true), (device.State, device.Restarts >= 4));
        Assert.Contains("index out of range", device.Error, StringComparison.Ordinal);
        Assert.Equal([1, 2, 4, 8], made.Zip(made.Skip(1), static (one, next) => (int)Math.Round((next - one).TotalSeconds)).Take(4));
        Assert.Equal("failed", bench.Bus.LastOf("sensors/odd/health")!.Value.GetProperty("state").GetString());
        Assert.Contains("index out of range", bench.Reported("odd").GetProperty("health").GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("WIRED_DEVICE_EVENT", bench.Bus.LastOf("$aws/events/wiredDevice/odd/failed")!.Value.GetProperty("eventType").GetString());
        Assert.True(bench.Bus.CountOf("$aws/events/wiredDevice/odd/restarted") >= 4);
        Assert.Contains("odd", bench.Supervisor.Message, StringComparison.Ordinal);

        fails = false;
        await bench.PassUntilAsync(() => bench.Supervisor.Find("odd")!.State == WiredState.Ok, TimeSpan.FromMinutes(1));
        await bench.UntilAsync(() => bench.Bus.CountOf("$aws/events/wiredDevice/odd/recovered") == 1);
        Assert.False(bench.Reported("odd").GetProperty("health").TryGetProperty("error", out _));
        Assert.Null(bench.Supervisor.Message);
    }

    [Fact]
    public async Task Hanging_IsGivenUp_AndTheOthersMissNothing()
    {
        await using var bench = new DeviceBench();
        var hang = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        var instances = 0;
        await bench.StartAsync(With(bench, context =>
        {
            Interlocked.Increment(ref instances);
            return new ScriptedSensor(context, _ => new(hang.Task)); // deaf to cancellation, as the kernel
        }));
        for (var second = 1; second <= 120; second++)
        {
            await bench.PassAsync(Second, Second);
            await bench.UntilAsync(() => bench.Bus.CountOf("sensors/good/telemetry") >= second);
        }

        Assert.Equal(3, instances); // three calls hang, and no more are made
        Assert.Contains("have not come back", bench.Supervisor.Find("odd")!.Error, StringComparison.Ordinal);
        Assert.Equal(WiredState.Ok, bench.Supervisor.Find("good")!.State);
        hang.SetResult(19);
        await bench.PassUntilAsync(() => bench.Supervisor.Find("odd")!.State == WiredState.Ok, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Hanging_HoldsAnAddress_ItsSuccessorGetsIt()
    {
        await using var bench = new DeviceBench();
        bench.Header.AddI2c("i2c-1", 0x18, new SimulatedMcp9808(bench.Time));
        var first = true;
        await bench.StartAsync(With(bench, context =>
        {
            var hangs = first;
            first = false;
            return new ScriptedSensor(context, _ =>
            {
                var chip = context.Header.OpenI2c("i2c-1").Open(0x18, "TEST");
                if (hangs)
                    return new(new TaskCompletionSource<double>().Task);
                chip.Dispose();
                return new(20);
            });
        }));

        await bench.PassUntilAsync(() => bench.Supervisor.Find("odd")!.State == WiredState.Ok, TimeSpan.FromSeconds(30));
        Assert.Equal(1, bench.Supervisor.Find("odd")!.Restarts);
    }

    [Fact]
    public async Task Leaking_IsFoundByItsHandles_AndTheyAreClosed()
    {
        await using var bench = new DeviceBench();
        bench.Header.AddI2cBus("i2c-1");
        var next = 0x08;
        await bench.StartAsync(With(bench, context => new ScriptedSensor(context, _ =>
        {
            context.Header.OpenI2c("i2c-1").Open(0x08 + (next++ % 0x60), "TEST"); // and never closed
            return new(20);
        })));

        await bench.PassUntilAsync(() => bench.Supervisor.Find("odd")!.Restarts == 2, TimeSpan.FromMinutes(2), Second);
        Assert.Contains("leaks", bench.Supervisor.Find("odd")!.Error, StringComparison.Ordinal);
        Assert.InRange(bench.Supervisor.Handles, 0, DeviceLease.MostHandles);
    }

    [Fact]
    public async Task Unplugged_FailsAlone_AndReadsAgainAfterAReplugWithoutARestart()
    {
        await using var bench = new DeviceBench();
        var chip = bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme280(bench.Time));
        bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time));
        await bench.StartAsync("""
            sensors:
              - { name: room, driver: bme280, interval: 1s }
              - { name: air, driver: sht3x, interval: 1s }
            """);
        await bench.PassUntilAsync(() => bench.Supervisor.List().All(static device => device.State == WiredState.Ok), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(10));
        chip.Unplug();
        await bench.PassUntilAsync(() => bench.Supervisor.Find("room")!.State == WiredState.Failed, TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(10));
        Assert.Contains("BME280 at 0x76 on i2c-1: no acknowledge", bench.Supervisor.Find("room")!.Error, StringComparison.Ordinal);
        var telemetry = bench.Bus.CountOf("sensors/room/telemetry");
        Assert.Equal(WiredState.Ok, bench.Supervisor.Find("air")!.State);
        chip.PlugIn();
        await bench.PassUntilAsync(() => bench.Bus.CountOf("sensors/room/telemetry") > telemetry, TimeSpan.FromSeconds(40), TimeSpan.FromMilliseconds(10));

        Assert.Equal(0, bench.Supervisor.Find("room")!.Restarts);
    }

    [Fact]
    public async Task SafeMode_TouchesNothingAndShowsAll()
    {
        await using var bench = new DeviceBench();
        await bench.StartAsync("""
            sensors: [ { name: room, driver: bme280 } ]
            outputs: [ { name: fan, driver: relay, pin: 27 } ]
            """, isSafeMode: true);
        await bench.PassAsync(TimeSpan.FromSeconds(5), Second);

        Assert.All(bench.Supervisor.List(), static device => Assert.Equal(WiredState.Off, device.State));
        Assert.Equal(["room", "fan"], bench.Supervisor.List().Select(static device => device.Name));
        Assert.False(bench.Lines.IsOpen(27));
        Assert.Contains("--safe", bench.Supervisor.Message, StringComparison.Ordinal);
        Assert.IsType<AdoptionResult.Conflict>(await bench.AdoptAsync("""{"name":"door","driver":"reed","pin":5}"""));
    }

    [Theory]
    [InlineData("{ name: room, driver: bme280, bus: i2c-3 }", "there is no such bus (there are i2c-1)", "dtparam=i2c_arm=on")]
    [InlineData("{ name: room, driver: max31855, bus: spidev0.0 }", "there is no such bus", "dtparam=spi=on")]
    [InlineData("{ name: room, driver: ds18b20 }", "no ROM is configured", "dtoverlay=w1-gpio")]
    [InlineData("{ name: room, driver: button, pin: 5 }", "the kernel or another program uses the line", "gpioinfo")]
    [InlineData("{ name: room, driver: button, pin: 27 }", "GPIO27 is in use by 'fan'", "another pin")]
    [InlineData("{ name: room, driver: sht3x, address: 0x44 }", "i2c-1 0x44 is in use by 'air'", "TCA9548A")]
    [InlineData("{ name: room, driver: bme280, address: 0x77 }", "a driver of the kernel owns the address", "i2cdetect")]
    public async Task WrongWiring_IsNamedWithItsMend_AndTheRestRuns(string device, string what, string mend)
    {
        await using var bench = new DeviceBench();
        bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time));
        bench.Header.AddI2cBus("i2c-1").OwnByKernel(0x77);
        bench.Lines.OwnByKernel(5);
        // The first that wants a place has it: the odd one comes last.
        var options = DeviceBench.Read($"sensors: [ {{ name: air, driver: sht3x, interval: 1s }}, {device} ]\noutputs: [ {{ name: fan, driver: relay, pin: 27 }} ]");
        if (device.Contains("27", StringComparison.Ordinal))
            options = options with { Sensors = [options.Sensors[0]] };
        await bench.StartAsync(options);
        if (device.Contains("27", StringComparison.Ordinal))
            bench.Supervisor.Start(DeviceBench.Read($"sensors: [ {device} ]").Sensors[0], isAdopted: false);
        await bench.PassUntilAsync(() => bench.Supervisor.Find("room")!.State == WiredState.Failed, TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(20));
        await bench.PassUntilAsync(() => bench.Supervisor.Find("air")!.State == WiredState.Ok && bench.Supervisor.Find("fan")!.State == WiredState.Ok, TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(20));

        Assert.Contains(what, bench.Supervisor.Find("room")!.Error, StringComparison.Ordinal);
        Assert.Contains(mend, bench.Supervisor.Find("room")!.Error, StringComparison.Ordinal);
    }

    private static DevicesOptions With(DeviceBench bench, Func<DriverContext, IDevice> odd) => new()
    {
        Sensors =
        [
            DeviceBench.Sensor("odd", odd, Second),
            DeviceBench.Sensor("good", context => new ScriptedSensor(context, static _ => new(20)), Second),
        ],
    };

    private static int Count(List<DateTimeOffset> list)
    {
        lock (list)
            return list.Count;
    }
}
