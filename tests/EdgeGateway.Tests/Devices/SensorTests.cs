using EdgeGateway.Devices;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;
using Xunit;

namespace EdgeGateway.Tests.Devices;

/// <summary>Sensors as things: telemetry, reported shadow, calibration, derived values; events of inputs; the Pi itself.</summary>
[Collection(VirtualTime.Name)]
public sealed class SensorTests
{
    [Fact]
    public async Task Telemetry_HasCalibratedSmoothedAndDerivedValuesWithUnits()
    {
        await using var bench = new DeviceBench();
        bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme280(bench.Time)).SetClimate(20, 100_000, 50);
        await bench.StartAsync("""
            sensors:
              - { name: room, driver: bme280, interval: 1s, derived: [dewPoint, absoluteHumidity, altitude], calibration: { temperature: { points: [[0, 1], [20, 22]] }, humidity: { offset: 5 } } }
            """);
        await bench.PassUntilAsync(() => bench.Bus.CountOf("sensors/room/telemetry") > 0, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10));

        var reading = bench.Bus.LastOf("sensors/room/telemetry")!.Value;
        Assert.Equal(22, reading.GetProperty("temperature").GetDouble(), 0.1);
        Assert.Equal(55, reading.GetProperty("humidity").GetDouble(), 0.2);
        Assert.Equal(12.6, reading.GetProperty("dewPoint").GetDouble(), 0.2);
        Assert.Equal(10.7, reading.GetProperty("absoluteHumidity").GetDouble(), 0.2);
        Assert.Equal(111, reading.GetProperty("altitude").GetDouble(), 2.0);
        Assert.Equal("°C", reading.GetProperty("units").GetProperty("dewPoint").GetString());
        Assert.Equal("good", reading.GetProperty("quality").GetString());
    }

    [Fact]
    public async Task ReportedShadow_FollowsOutsideOfTheDeadBandAndNotTooOften()
    {
        await using var bench = new DeviceBench();
        var value = 20.0;
        var options = DeviceBench.Sensor("room", context => new ScriptedSensor(context, _ => new(value)), TimeSpan.FromSeconds(1));
        await bench.StartAsync(new DevicesOptions
        {
            Sensors = [options with { ReportInterval = TimeSpan.FromSeconds(10), DeadBand = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(new Dictionary<string, double> { ["temperature"] = 0.5 }) }],
        });
        await TickAsync(bench, 1);
        Assert.Equal(20, bench.Reported("room").GetProperty("temperature").GetDouble());
        value = 20.4;
        await TickAsync(bench, 30);
        Assert.Equal(20, bench.Reported("room").GetProperty("temperature").GetDouble()); // within the band
        value = 21;
        await TickAsync(bench, 1);
        Assert.Equal(21, bench.Reported("room").GetProperty("temperature").GetDouble());
        value = 25;
        await TickAsync(bench, 5);
        Assert.Equal(21, bench.Reported("room").GetProperty("temperature").GetDouble()); // too soon
        await TickAsync(bench, 6);
        Assert.Equal(25, bench.Reported("room").GetProperty("temperature").GetDouble());
    }

    [Fact]
    public async Task Button_PressLongAndDouble_AreEventsWithTheKernelsTime()
    {
        await using var bench = new DeviceBench();
        bench.Lines.Drive(17, true);
        await bench.StartAsync("sensors: [ { name: button, driver: button, pin: 17 } ]");
        await bench.UntilAsync(() => bench.Lines.IsOpen(17));
        await bench.PassAsync(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(50));
        async Task HoldAsync(int milliseconds)
        {
            bench.Lines.Bounce(17, false, 5);
            await bench.PassAsync(TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMilliseconds(10));
            bench.Lines.Bounce(17, true, 5);
            await bench.PassAsync(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(10));
        }

        var seen = new List<string>();
        using var listening = bench.Bus.Subscribe("sensors/button/events", new Names(seen));
        await HoldAsync(100);
        await HoldAsync(100);
        await bench.PassAsync(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(50));
        await HoldAsync(1000);
        await bench.PassAsync(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(50));

        lock (seen)
            Assert.Equal(["press", "release", "press", "release", "double", "press", "long", "release"], seen);
    }

    [Fact]
    public async Task Gateway_IsAThingWithItsOwnHealth_AbsentSourcesAreAbsent()
    {
        await using var bench = new DeviceBench();
        bench.Header.Kernel.Add("/proc/uptime", "86400.50 300000.00\n");
        bench.Header.Kernel.Add("/sys/class/hwmon/hwmon0/name", "cpu_thermal\n");
        bench.Header.Kernel.Add("/sys/class/hwmon/hwmon1/name", "rpi_volt\n");
        bench.Header.Kernel.Add("/sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n");
        bench.Header.Kernel.Disk = (5_000_000, 8_000_000);
        await bench.StartAsync("health: { enabled: on, interval: 5s }");
        await bench.UntilAsync(() => bench.Bus.CountOf("sensors/gateway/telemetry") > 0);

        var reading = bench.Bus.LastOf("sensors/gateway/telemetry")!.Value;
        Assert.Equal((86400.5, 1, 5_000_000), (reading.GetProperty("uptime").GetDouble(), reading.GetProperty("underVoltage").GetDouble(), reading.GetProperty("diskFree").GetDouble()));
        Assert.False(reading.TryGetProperty("cpuTemperature", out _));
        Assert.False(reading.TryGetProperty("cardWear", out _));
        Assert.Equal("raspberry-pi", bench.Things.Things["gateway"].TypeName);
    }

    private static async Task TickAsync(DeviceBench bench, int times)
    {
        for (var i = 0; i < times; i++)
        {
            var readings = bench.Supervisor.Find("room")!.Readings;
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await bench.UntilAsync(() => bench.Supervisor.Find("room")!.Readings > readings && bench.Bus.CountOf("sensors/room/telemetry") == bench.Supervisor.Find("room")!.Readings);
            await bench.PassAsync(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)); // the report follows the telemetry
        }
    }

    private sealed class Names(List<string> seen) : EdgeGateway.Messaging.IMessageSink
    {
        public EdgeGateway.Messaging.DurabilityTicket OnMessage(in EdgeGateway.Messaging.MessageView message)
        {
            using var document = System.Text.Json.JsonDocument.Parse(message.Payload.ToArray());
            lock (seen)
                seen.Add(document.RootElement.GetProperty("event").GetString()!);
            return EdgeGateway.Messaging.DurabilityTicket.None;
        }
    }
}
