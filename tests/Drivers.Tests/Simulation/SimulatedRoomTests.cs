using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Simulation;

public sealed class SimulatedRoomTests
{
    [Fact]
    public async Task Room_LeftAlone_WarmsAndTheFanCoolsIt()
    {
        using var bench = new Bench();
        using var room = new SimulatedRoom(bench.Header, bench.Time);
        await using var climate = bench.Sensor("bme280");
        await using var fan = bench.Actuator("relay", ("pin", SimulatedRoom.FanPin));
        await fan.MakeSafeAsync(CancellationToken.None);
        var atStart = (await bench.ReadAsync(climate))["temperature"];

        Pass(bench, 120);
        var warm = await bench.ReadAsync(climate);
        await bench.SetAsync(fan, "state", "on");
        Pass(bench, 60);
        var cooled = await bench.ReadAsync(climate);

        Assert.InRange(atStart, 22, 23);
        Assert.True(warm["temperature"] > 26, $"{warm["temperature"]}");
        Assert.True(cooled["temperature"] < warm["temperature"] - 3, $"{cooled["temperature"]}");
        Assert.InRange(cooled["humidity"], 20, 95);
        Assert.InRange(cooled["pressure"], 99_000, 103_000);
    }

    [Fact]
    public async Task Room_SameSeed_LivesTheSameLife()
    {
        Assert.Equal(await LiveAsync(7), await LiveAsync(7));
        Assert.NotEqual(await LiveAsync(7), await LiveAsync(8));

        static async Task<double[]> LiveAsync(int seed)
        {
            using var bench = new Bench();
            using var room = new SimulatedRoom(bench.Header, bench.Time, seed);
            await using var climate = bench.Sensor("bme280");
            await using var analogue = bench.Sensor("ads1115");
            Pass(bench, 30);
            return [(await bench.ReadAsync(climate))["temperature"], (await bench.ReadAsync(climate))["pressure"], (await bench.ReadAsync(analogue))["voltage0"]];
        }
    }

    [Fact]
    public async Task Room_EveryWiredDevice_ReadsGood()
    {
        using var bench = new Bench();
        using var room = new SimulatedRoom(bench.Header, bench.Time);
        foreach (var driver in SimulatedRoom.FaultDevices)
        {
            await using var sensor = bench.Sensor(driver);
            Assert.Equal(ReadingQuality.Good, (await bench.ReadAsync(sensor)).Quality);
        }
    }

    [Fact]
    public async Task Inject_EveryFaultOfEveryDevice_FailsItAndNoneMendsIt()
    {
        using var bench = new Bench();
        using var room = new SimulatedRoom(bench.Header, bench.Time);
        foreach (var driver in SimulatedRoom.FaultDevices)
        {
            await using var sensor = bench.Sensor(driver);
            foreach (var fault in SimulatedRoom.Faults.Where(fault => fault is not ("none" or "replug" or "hang")))
            {
                if (fault is "checksum" or "noise" && driver is "bme280" or "ads1115")
                    continue; // these chips have no checksum to tell turned bits by
                Assert.True(room.Inject(driver, fault));
                await bench.FailAsync(sensor);
                Assert.True(room.Inject(driver, "none"));
                Pass(bench, 61);
                await bench.ReadAsync(sensor);
            }
        }

        Assert.False(room.Inject("toaster", "unplug"));
    }

    [Fact]
    public async Task Inject_Hang_ComesBackOnlyAfterAReplug()
    {
        using var bench = new Bench();
        using var room = new SimulatedRoom(bench.Header, bench.Time);
        await using var sensor = bench.Sensor("ds18b20");
        Assert.True(room.Inject("ds18b20", "hang"));
        var reading = sensor.ReadAsync(CancellationToken.None).AsTask();
        Pass(bench, 120);
        Assert.False(reading.IsCompleted);
        Assert.True(room.Inject("ds18b20", "replug"));
        await bench.Time.RunAsync(reading);
    }

    [Fact]
    public async Task Inject_StuckBus_TakesEveryChipOfTheBusAndNoOther()
    {
        using var bench = new Bench();
        using var room = new SimulatedRoom(bench.Header, bench.Time);
        await using var climate = bench.Sensor("bme280");
        await using var air = bench.Sensor("sht3x");
        await using var outside = bench.Sensor("ds18b20");
        Assert.True(room.Inject("bme280", "stuck-bus"));
        Assert.Equal(DriverFault.BusStuck, (await bench.FailAsync(climate)).Fault);
        Assert.Equal(DriverFault.BusStuck, (await bench.FailAsync(air)).Fault);
        await bench.ReadAsync(outside);
    }

    [Fact]
    public async Task Rain_DripsNowAndThen()
    {
        using var bench = new Bench();
        using var room = new SimulatedRoom(bench.Header, bench.Time);
        await using var gauge = bench.Sensor("rain-gauge", ("pin", SimulatedRoom.RainPin));
        await bench.ReadAsync(gauge);
        Pass(bench, 300);
        Assert.InRange((await bench.ReadAsync(gauge))["pulses"], 8, 40);
    }

    [Fact]
    public async Task Button_SomebodyPressesNowAndThen()
    {
        using var bench = new Bench();
        using var room = new SimulatedRoom(bench.Header, bench.Time);
        await using var button = bench.Sensor("button", ("pin", SimulatedRoom.ButtonPin));
        await bench.ReadAsync(button);
        Pass(bench, 300);
        Assert.InRange((await bench.ReadAsync(button))["presses"], 4, 16);
    }

    private static void Pass(Bench bench, int seconds)
    {
        for (var i = 0; i < seconds * 50; i++)
            bench.Time.Advance(TimeSpan.FromMilliseconds(20));
    }
}
