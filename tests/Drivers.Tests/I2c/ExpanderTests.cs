using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

public sealed class ExpanderTests
{
    [Fact]
    public async Task Mcp23017_Outputs_AreDrivenAndReadFromThePins()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x20, new SimulatedMcp23017(bench.Time));
        await using var device = bench.Actuator("mcp23017", ("outputs", "a0,b7"));
        await bench.SetAsync(device, "b7", "on");
        Assert.Equal(0x8000, chip.Levels & 0x8001);
        Assert.Equal(new ActuatorState([new("a0", "off"), new("b7", "on")]), await bench.StateAsync(device));
        await bench.MakeSafeAsync(device);
        Assert.Equal(0, chip.Levels & 0x8001);
        var failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(device, "a1", "on"));
        Assert.Contains("on or off for a0, b7", failure.Check, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mcp23017_Inverted_ReadsTheOtherWayRound()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x20, new SimulatedMcp23017(bench.Time));
        for (var pin = 0; pin < 8; pin++)
            chip.Drive(pin, (0xA5 & (1 << pin)) != 0);
        await using var device = bench.Sensor("mcp23017", ("inverted", "a0,a1,a2,a3"));
        var reading = await bench.ReadAsync(device);
        var port = Enumerable.Range(0, 8).Sum(pin => (int)reading[$"a{pin}"] << pin);
        Assert.Equal(0xAA, port); // GPIOA 0xA5 with IPOL 0x0F
    }

    [Fact]
    public async Task Mcp23017_BankLeftAtOne_IsSetRight()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x20, new SimulatedMcp23017(bench.Time));
        await using (var first = bench.Sensor("mcp23017"))
            await bench.ReadAsync(first);
        chip.SetBank1();
        await using var device = bench.Actuator("mcp23017", ("outputs", "a3"));
        await bench.SetAsync(device, "a3", "on");
        Assert.Equal(8, chip.Levels & 8);
    }

    [Fact]
    public async Task Mcp23017_Start_SetsTheLevelBeforeTheDirection()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x20, new SimulatedMcp23017(bench.Time));
        await using var device = bench.Actuator("mcp23017", ("outputs", "a0"), ("activeLow", true));
        await bench.MakeSafeAsync(device);
        var writes = chip.Transfers.Where(transfer => transfer.Written.Length == 3).Select(transfer => transfer.Written[0]).ToList();
        Assert.True(writes.IndexOf(Mcp23017Registers.Latch) < writes.IndexOf(Mcp23017Registers.Direction));
        Assert.Equal(1, chip.Levels & 1);
    }

    [Fact]
    public async Task Mcp23017_RestartedOrPluggedInAgain_CarriesItsStateAgain()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x20, new SimulatedMcp23017(bench.Time));
        await using var device = bench.Actuator("mcp23017", ("outputs", "a0,a1"));
        await bench.SetAsync(device, "a1", "on");
        chip.PowerCycle();
        var failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.StateAsync(device));
        Assert.Equal(DriverFault.Garbage, failure.Fault);
        Assert.Contains("restarted", failure.Check, StringComparison.Ordinal);
        Assert.Equal(new ActuatorState([new("a0", "off"), new("a1", "on")]), await bench.StateAsync(device));
        chip.Unplug();
        failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(device, "a0", "on"));
        Assert.Equal(DriverFault.Absent, failure.Fault);
        Assert.Contains("MCP23017 at 0x20 on i2c-1", failure.Message, StringComparison.Ordinal);
        chip.PlugIn();
        Assert.Equal(new ActuatorState([new("a0", "on"), new("a1", "on")]), await bench.StateAsync(device));
    }

    [Fact]
    public Task Mcp23017_FaultsOfTheBus_AreToldApart() => I2cFaultCases.AssertAsync("mcp23017", time => new SimulatedMcp23017(time), ("outputs", "a0"));

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Mcp23S17_OnSpi_ListensToItsStraps(int address)
    {
        using var bench = new Bench();
        var chip = bench.Header.AddSpi("spidev0.0", new SimulatedMcp23S17(bench.Time, address));
        await using var device = bench.Actuator("mcp23s17", ("address", address), ("outputs", "b0"));
        await bench.SetAsync(device, "b0", "on");
        Assert.Equal(0x0100, chip.Levels & 0x0100);
        Assert.Equal("on", (await bench.StateAsync(device)).Find("b0")!.Value.Text);
        chip.PowerCycle();
        await Assert.ThrowsAsync<ActuatorException>(() => bench.StateAsync(device));
        Assert.Equal("on", (await bench.StateAsync(device)).Find("b0")!.Value.Text);
    }

    [Fact]
    public Task Mcp23S17_FaultsOfTheBus_AreToldApart() => Spi.SpiFaultCases.AssertAsync("mcp23s17", time => new SimulatedMcp23S17(time));

    [Fact]
    public async Task Pcf8574_InputsAndOutputs_ShareOneByte()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x38, new SimulatedPcf8574(bench.Time));
        await using var device = bench.Actuator("pcf8574", ("address", 0x38), ("outputs", "p0,p1"), ("activeLow", true), ("inverted", "p7"));
        await bench.SetAsync(device, "p1", "on");
        Assert.Equal(0xFD, chip.Levels); // inputs stay 1, the other output is off, which is high
        chip.Drive(7, high: false);
        var reading = await bench.ReadAsync((ISensor)device);
        Assert.Equal((1, 0, 1, 1), (reading["p0"], reading["p1"], reading["p6"], reading["p7"]));
        Assert.Equal(new ActuatorState([new("p0", "off"), new("p1", "on")]), await bench.StateAsync(device));
    }

    [Fact]
    public async Task Pcf8574_RestartedShortedOrGone_IsAFailureAndMended()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x20, new SimulatedPcf8574(bench.Time));
        await using var device = bench.Actuator("pcf8574", ("outputs", "p0,p1"));
        await bench.SetAsync(device, "p1", "on");
        chip.PowerCycle(); // all high: p0 is on that should be off
        var failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.StateAsync(device));
        Assert.Equal(DriverFault.ChipFault, failure.Fault);
        Assert.Contains("p0", failure.Came, StringComparison.Ordinal);
        Assert.Equal("off", (await bench.StateAsync(device)).Find("p0")!.Value.Text);
        chip.Drive(1, high: false);
        failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.StateAsync(device));
        Assert.Contains("p1", failure.Came, StringComparison.Ordinal);
        chip.Drive(1, high: true);
        foreach (var (errno, fault) in new[] { (I2cErrno.RemoteIo, DriverFault.Absent), (I2cErrno.TimedOut, DriverFault.BusStuck), (I2cErrno.InputOutput, DriverFault.BusFault) })
        {
            chip.Faults.Fail(errno, I2cFaults.ForEver);
            var sensor = await bench.FailAsync((ISensor)device);
            Assert.Equal(fault, sensor.Fault);
            Assert.Contains("PCF8574 at 0x20 on i2c-1", sensor.Message, StringComparison.Ordinal);
            chip.Faults.Clear();
            Assert.Equal("on", (await bench.StateAsync(device)).Find("p1")!.Value.Text);
        }
    }
}
