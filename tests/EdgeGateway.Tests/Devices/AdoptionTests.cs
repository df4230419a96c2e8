using EdgeGateway.Devices;
using EdgeGateway.Drivers.Simulation;
using Xunit;

namespace EdgeGateway.Tests.Devices;

/// <summary>A chip that is plugged in becomes a proposal, and one command makes a thing of it that stays.</summary>
[Collection(VirtualTime.Name)]
public sealed class AdoptionTests
{
    private const string Empty = "discovery: { interval: 10s }";

    [Fact]
    public async Task NewChip_IsProposedAdoptedRead_AndThereAfterARestart()
    {
        await using var bench = new DeviceBench();
        bench.Header.AddI2cBus("i2c-1");
        await bench.StartAsync(Empty);
        var chip = bench.Header.AddI2c("i2c-1", 0x76, new SimulatedBme280(bench.Time));
        await bench.PassUntilAsync(() => bench.Adoption.Proposals.Count == 1, TimeSpan.FromMinutes(1));
        var proposed = bench.Bus.LastOf("$aws/events/wiredDevice/proposed")!.Value;
        Assert.Equal(("PROPOSED", "i2c-1/0x76", "bme280", "bme280-76"), (Text(proposed, "operation"), Text(proposed, "proposal"), Text(proposed, "driver"), Text(proposed, "name")));
        await bench.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        Assert.Equal(1, bench.Bus.CountOf("$aws/events/wiredDevice/proposed")); // told once

        var done = Assert.IsType<AdoptionResult.Done>(await bench.AdoptAsync("""{"proposal":"i2c-1/0x76","name":"bench-3","interval":"2s"}"""));
        Assert.True(done.Device.IsAdopted);
        Assert.Empty(bench.Adoption.Proposals);
        await bench.PassUntilAsync(() => bench.Bus.CountOf("sensors/bench-3/telemetry") > 0, TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(20));
        var thing = bench.Things.Things["bench-3"];
        Assert.Equal(("bme280", "i2c-1", "0x76"), (thing.TypeName, thing.Attributes["bus"], thing.Attributes["address"]));
        Assert.Equal(1, bench.Bus.CountOf("$aws/events/wiredDevice/bench-3/adopted"));

        await bench.StopAsync();
        await bench.StartAsync(Empty);
        await bench.PassUntilAsync(() => bench.Bus.CountOf("sensors/bench-3/telemetry") > 0, TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(20));
        chip.Unplug();
        await bench.PassAsync(TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(100));
        chip.PlugIn();
        await bench.PassAsync(TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(100));
        Assert.Empty(bench.Adoption.Proposals); // its place is its own, whether it answers or not

        Assert.IsType<AdoptionResult.Done>(await bench.RunAsync(bench.Adoption.RemoveAsync("bench-3", default)));
        Assert.Null(bench.Supervisor.Find("bench-3"));
        Assert.Empty(bench.Store.Adopted());
        await bench.PassUntilAsync(() => bench.Adoption.Proposals.Count == 1, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task ChipThatGoes_WithdrawsItsProposal()
    {
        await using var bench = new DeviceBench();
        var chip = bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time));
        await bench.StartAsync(Empty);
        await bench.RunAsync(bench.Adoption.ScanAsync(default));
        Assert.Single(bench.Adoption.Proposals);
        chip.Unplug();
        await bench.RunAsync(bench.Adoption.ScanAsync(default));

        Assert.Empty(bench.Adoption.Proposals);
        Assert.Equal("WITHDRAWN", Text(bench.Bus.LastOf("$aws/events/wiredDevice/withdrawn")!.Value, "operation"));
    }

    [Fact]
    public async Task ChipWithoutIdentification_AsksForItsDriver()
    {
        await using var bench = new DeviceBench();
        bench.Header.AddI2c("i2c-1", 0x20, new SimulatedMcp23017(bench.Time));
        await bench.StartAsync(Empty);
        await bench.RunAsync(bench.Adoption.ScanAsync(default));
        var refused = Assert.IsType<AdoptionResult.Invalid>(await bench.AdoptAsync("""{"proposal":"i2c-1/0x20"}"""));
        Assert.Contains("mcp23017", refused.Why, StringComparison.Ordinal);
        Assert.Contains("pcf8574", refused.Why, StringComparison.Ordinal);
        var done = Assert.IsType<AdoptionResult.Done>(await bench.AdoptAsync("""{"proposal":"i2c-1/0x20","driver":"mcp23017","name":"board","outputs":"a0"}"""));

        Assert.Equal("output", done.Device.Kind);
        await bench.PassUntilAsync(() => bench.Supervisor.Find("board")!.State == WiredState.Ok, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task OneWire_IsProposedByItsRom()
    {
        await using var bench = new DeviceBench();
        _ = new SimulatedDs18b20(bench.Header, "28-0316a2795f1b", bench.Time);
        await bench.StartAsync(Empty);
        await bench.RunAsync(bench.Adoption.ScanAsync(default));
        Assert.IsType<AdoptionResult.Done>(await bench.AdoptAsync("""{"proposal":"28-0316a2795f1b"}"""));

        Assert.Equal("28-0316a2795f1b", bench.Supervisor.Find("ds18b20-2795f1b")!.Address);
    }

    [Theory]
    [InlineData("""{"name":"a","driver":"bme280","address":"0x76","interval":"10ms"}""", "interval is 10ms, expected at least 1s")]
    [InlineData("""{"name":"a","driver":"bme280","address":"0x42"}""", "address is '0x42', expected one of 0x76, 0x77")]
    [InlineData("""{"name":"a","driver":"bme2800"}""", "driver is 'bme2800', expected one of")]
    [InlineData("""{"name":"a b","driver":"bme280"}""", "name is 'a b', expected 1 to 128 letters")]
    [InlineData("""{"driver":"bme280"}""", "name is missing")]
    [InlineData("""{"name":"a","driver":"relay","pin":99}""", "pin is '99', expected a whole number of 0 to 27")]
    [InlineData("""{"name":"a","driver":"bme280","colour":"red"}""", "no such option")]
    [InlineData("""{"name":null,"driver":"bme280"}""", "name is missing")]
    [InlineData("""{"name":["a"],"driver":"bme280"}""", "name expected a single value")]
    [InlineData("""{"name":"a","driver":"bme280","calibration":{"colour":{"offset":1}}}""", "is no reading of bme280")]
    [InlineData("""{"name":"a","driver":"bme280","calibration":7}""", "expected a mapping")]
    [InlineData("""{"name":"a\u0000b","driver":"bme280"}""", "expected 1 to 128 letters")]
    [InlineData("""{"name":"a: {b: c}\n- d","driver":"bme280"}""", "expected 1 to 128 letters")]
    [InlineData("""["bme280"]""", "expected an object")]
    [InlineData("{}", "driver is missing")]
    [InlineData("""{"proposal":"i2c-1/0x10"}""", "there is no proposal 'i2c-1/0x10'")]
    [InlineData("""{"name":"room","driver":"bme280","address":"0x77"}""", "the name 'room' is in use")]
    [InlineData("""{"name":"a","driver":"sht3x","address":"0x44"}""", "i2c-1 0x44 is in use by 'room'")]
    [InlineData("""{"name":"a","driver":"relay","pin":17}""", "GPIO17 is in use by 'button'")]
    [InlineData("""{"name":"a","driver":"bme280","bus":"i2c-7"}""", "dtparam=i2c_arm=on")]
    [InlineData("""{"name":"a","driver":"bme280","address":"0x77"}""", "no acknowledge")]
    public async Task Faults_AreNamedAtAdoption_AndNothingIsAdopted(string definition, string why)
    {
        await using var bench = new DeviceBench();
        bench.Header.AddI2c("i2c-1", 0x44, new SimulatedSht3x(bench.Time));
        await bench.StartAsync("sensors: [ { name: room, driver: sht3x, interval: 1s }, { name: button, driver: button, pin: 17 } ]");
        var result = await bench.AdoptAsync(definition);

        Assert.Contains(why, result.ToString(), StringComparison.Ordinal);
        Assert.IsNotType<AdoptionResult.Done>(result);
        Assert.Empty(bench.Store.Adopted());
        Assert.Equal(2, bench.Supervisor.List().Count);
    }

    [Fact]
    public async Task AdoptedOutput_BeginsSafe_WhateverItsShadowDesiredBefore()
    {
        await using var bench = new DeviceBench();
        await bench.DesireAsync("pump", """{"state":"on"}""");
        await bench.StartAsync(Empty);
        Assert.IsType<AdoptionResult.Done>(await bench.AdoptAsync("""{"name":"pump","driver":"relay","pin":5}"""));
        await bench.UntilAsync(() => bench.Supervisor.Find("pump")!.State == WiredState.Ok);
        Assert.False(bench.Lines.Level(5));
        await bench.DesireAsync("pump", """{"state":"on"}""");
        await bench.UntilAsync(() => bench.Lines.Level(5));
    }

    [Fact]
    public async Task NameOfAnotherThing_IsRefused()
    {
        await using var bench = new DeviceBench();
        await bench.Things.CreateAsync("kitchen", "lamp", new Dictionary<string, string>(), null, default);
        await bench.StartAsync(Empty);
        var refused = Assert.IsType<AdoptionResult.Conflict>(await bench.AdoptAsync("""{"name":"kitchen","driver":"reed","pin":5}"""));
        Assert.Contains("a thing 'kitchen' already, of the type 'lamp'", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OtherBuses_AreLookedAtOnlyWhenAsked()
    {
        await using var bench = new DeviceBench();
        bench.Header.AddI2cBus("i2c-1");
        var monitor = bench.Header.AddI2c("i2c-20", 0x44, new SimulatedSht3x(bench.Time));
        await bench.StartAsync(Empty);
        await bench.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        Assert.Empty(monitor.Transfers);
        await bench.RunAsync(bench.Adoption.ScanAsync(default));
        Assert.Single(bench.Adoption.Proposals);
        await bench.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));
        Assert.Single(bench.Adoption.Proposals); // not withdrawn by a look elsewhere
    }

    [Fact]
    public async Task Configured_IsNotRemoved()
    {
        await using var bench = new DeviceBench();
        await bench.StartAsync("sensors: [ { name: button, driver: button, pin: 17 } ]");
        Assert.IsType<AdoptionResult.Conflict>(await bench.RunAsync(bench.Adoption.RemoveAsync("button", default)));
        Assert.IsType<AdoptionResult.NotFound>(await bench.RunAsync(bench.Adoption.RemoveAsync("nobody", default)));
    }

    private static string Text(System.Text.Json.JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
