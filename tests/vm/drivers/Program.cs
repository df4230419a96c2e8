// Our drivers on the kernel's own: GPIO character device, i2c-dev, spidev, w1_therm. Wired by ../drivers.sh.
using EdgeGateway.Drivers;
using EdgeGateway.VmTests;

const int Button = 17, Relay = 27, Counter = 22, EncoderA = 23, EncoderB = 24, Contact = 5;
const string Rom = "28-0316a2796cff", Spoilt = "28-0316a279aaaa";

using var header = new HardwareHeader(TimeProvider.System);
var check = new Check(header);
Console.WriteLine($"i2c: {string.Join(' ', header.I2cBuses)}; spi: {string.Join(' ', header.SpiPorts)}; 1-wire: {string.Join(' ', header.OneWire.Slaves)}");

await check.RunAsync("GPIO: an output is driven and read back", async stop =>
{
    await using var relay = check.Create<IActuator>("relay", ("pin", $"{Relay}"));
    foreach (var on in new[] { true, false, true })
    {
        await relay.SetAsync(ActuatorState.Switch(on), stop);
        Check.Equal(on, World.Level(Relay), "the line");
        Check.Equal(ActuatorState.Switch(on), await relay.ReadStateAsync(stop), "the state read back");
    }

    await relay.MakeSafeAsync(stop);
    Check.Equal(false, World.Level(Relay), "the line after the safe state");
});

await check.RunAsync("GPIO: a button's edges come with the kernel's stamps, debounced by it", async stop =>
{
    World.Pull(Button, up: true);
    await using var button = check.Create<IEventInput>("button", ("pin", $"{Button}"), ("double", "0s"), ("long", "60s"), ("debounce", "20ms")); // a command in the guest takes a second
    var world = Task.Run(async () =>
    {
        await Task.Delay(500, stop);
        World.Pull(Button, up: false);
        await Task.Delay(200, stop);
        World.Pull(Button, up: true);
    }, stop);
    var names = new List<string>();
    long before = 0;
    await foreach (var happened in button.ReadEventsAsync(stop))
    {
        names.Add(happened.Name);
        var age = TimeProvider.System.GetElapsedTime(happened.Timestamp);
        if (happened.Timestamp < before || age < TimeSpan.Zero || age > TimeSpan.FromSeconds(20))
            throw new InvalidOperationException($"{happened.Name} carries the stamp {happened.Timestamp}, {age} ago");
        before = happened.Timestamp;
        if (names.Count == 3)
            break;
    }

    await world;
    Check.Equal("press release click", string.Join(' ', names), "the events");
});

await check.RunAsync("GPIO: pulses are counted", async stop =>
{
    World.Pull(Counter, up: true);
    await using var counter = check.Create<ISensor>("pulse-counter", ("pin", $"{Counter}"), ("debounce", "0s"));
    Check.Equal(0, (await counter.ReadAsync(stop))["pulses"], "pulses at the start");
    for (var i = 0; i < 12; i++)
        World.Pull(Counter, up: i % 2 == 1);
    while ((await counter.ReadAsync(stop))["pulses"] < 6)
        await Task.Delay(50, stop);
    var reading = await counter.ReadAsync(stop);
    Check.Equal(6, reading["pulses"], "pulses");
    Check.Equal(true, reading["frequency"] > 0, "a frequency above 0");
});

await check.RunAsync("GPIO: a rotary encoder's two lines keep their order", async stop =>
{
    World.Pull(EncoderA, up: true);
    World.Pull(EncoderB, up: true);
    await using var encoder = check.Create<ISensor>("rotary-encoder", ("pinA", $"{EncoderA}"), ("pinB", $"{EncoderB}"), ("debounce", "0s"));
    await encoder.ReadAsync(stop);
    for (var cycle = 0; cycle < 3; cycle++)
        foreach (var (line, up) in new[] { (EncoderA, false), (EncoderB, false), (EncoderA, true), (EncoderB, true) })
            World.Pull(line, up);
    while ((await encoder.ReadAsync(stop))["position"] < 3)
        await Task.Delay(50, stop);
    Check.Equal(0, (await encoder.ReadAsync(stop))["lost"], "lost steps");
});

await check.RunAsync("GPIO: a line in use is refused and named", async stop =>
{
    await using var first = check.Create<ISensor>("digital-in", ("pin", $"{Contact}"));
    await first.ReadAsync(stop);
    using var other = new HardwareHeader(TimeProvider.System); // another process would see the same
    await using var second = (ISensor)DriverCatalog.Create("digital-in", new Dictionary<string, string> { ["pin"] = $"{Contact}" }, other, TimeProvider.System);
    await Check.FailsAsync(second, DriverFault.Taken, stop);
});

await check.RunAsync("I2C: a BME280 gives the datasheet's example", async stop =>
{
    await using var sensor = check.Create<ISensor>("bme280", ("bus", "i2c-1"));
    var reading = await sensor.ReadAsync(stop);
    Check.Near(25.08, reading["temperature"], 0.01, "the temperature");
    Check.Near(100_653, reading["pressure"], 10, "the pressure");
});

await check.RunAsync("I2C: faults of the bus are told apart and mended", async stop =>
{
    await using var sensor = check.Create<ISensor>("bme280", ("bus", "i2c-1"));
    await sensor.ReadAsync(stop);
    World.Sim("ctl", "i2c", "fault", "76", "121", "2"); // two refusals: tried again
    await sensor.ReadAsync(stop);
    World.Sim("ctl", "i2c", "fault", "76", "5", "4");
    await Check.FailsAsync(sensor, DriverFault.BusFault, stop);
    await sensor.ReadAsync(stop);
    World.Sim("ctl", "i2c", "fault", "76", "110", "4");
    await Check.FailsAsync(sensor, DriverFault.BusStuck, stop);
    await using var nobody = check.Create<ISensor>("sht3x", ("bus", "i2c-1"));
    await Check.FailsAsync(nobody, DriverFault.Absent, stop);
    await using var nowhere = check.Create<ISensor>("bme280", ("bus", "i2c-9"));
    await Check.FailsAsync(nowhere, DriverFault.NoBus, stop);
});

await check.RunAsync("SPI: an MCP3008 is read", async stop =>
{
    await using var sensor = check.Create<ISensor>("mcp3008", ("bus", "spidev0.0"), ("inputs", "3,5"), ("vref", "3.3"));
    World.Sim("adc", "3", "777");
    World.Sim("adc", "5", "12");
    var reading = await sensor.ReadAsync(stop);
    Check.Near(777 * 3.3 / 1024, reading["voltage3"], 1e-6, "CH3");
    Check.Near(12 * 3.3 / 1024, reading["voltage5"], 1e-6, "CH5");
});

await check.RunAsync("SPI: what is no such chip is a failure", async stop =>
{
    await using var wrong = check.Create<ISensor>("max31865", ("bus", "spidev0.1")); // a loopback
    await Check.FailsAsync(wrong, DriverFault.Garbage, stop);
    await using var nowhere = check.Create<ISensor>("max6675", ("bus", "spidev3.0"));
    await Check.FailsAsync(nowhere, DriverFault.NoBus, stop);
});

await check.RunAsync("1-Wire: a DS18B20 is read while others are not held up", async stop =>
{
    await using var sensor = check.Create<ISensor>("ds18b20", ("rom", Rom));
    var reading = sensor.ReadAsync(stop).AsTask();
    await using var other = check.Create<ISensor>("bme280", ("bus", "i2c-1"));
    await other.ReadAsync(stop); // the kernel blocks the first for 0.75 s
    Check.Near(23.5625, (await reading)["temperature"], 0.07, "the temperature");
});

await check.RunAsync("1-Wire: a wrong checksum is a failure, not the last value", async stop =>
{
    await using var sensor = check.Create<ISensor>("ds18b20", ("rom", Spoilt));
    Check.Near(-10.125, (await sensor.ReadAsync(stop))["temperature"], 0.07, "the temperature");
    World.Sim("ctl", "w1", "badcrc", Spoilt, "1");
    await Check.FailsAsync(sensor, DriverFault.Garbage, stop); // this kernel leaves the file empty
    World.Sim("ctl", "w1", "badcrc", Spoilt, "0");
    Check.Near(-10.125, (await sensor.ReadAsync(stop))["temperature"], 0.07, "the temperature");
    await using var nobody = check.Create<ISensor>("ds18b20", ("rom", "28-00000000dead"));
    await Check.FailsAsync(nobody, DriverFault.Absent, stop);
});

Console.WriteLine($"{check.Failed} failed");
return check.Failed == 0 ? 0 : 1;
