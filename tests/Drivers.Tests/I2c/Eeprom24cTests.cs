using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

public sealed class Eeprom24cTests
{
    private const string Text = "pump house, west wall, valve 7 — geprüft";

    public static TheoryData<string> Sizes => [.. Eeprom24cSize.All.Select(size => size.Name)];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task SetAsync_TextOverSeveralPages_IsKeptThere(string size)
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x50, new SimulatedEeprom24c(bench.Time, size));
        var end = Eeprom24cSize.Of(size).Bytes - 60; // the last block, across its pages
        await using var memory = bench.Actuator("24cxx", ("size", size), ("offset", end - 5), ("length", 60), ("writable", "true"));
        await bench.SetAsync(memory, "text", Text);
        Assert.Equal(Text, (await ReadAsync(bench, memory)).Find("text")!.Value.Text);
        Assert.Equal((byte)'p', chip.Peek(end - 5, 1)[0]);
        Assert.Equal(0xFF, chip.Peek(end - 6, 1)[0]);
        Assert.Equal(0xFF, chip.Peek(end + 55, 1)[0]);
    }

    [Fact] // a page write that crosses its page wraps to the page's start
    public async Task Fake_WriteAcrossAPage_WrapsAsTheChipDoes()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x50, new SimulatedEeprom24c(bench.Time));
        bench.Header.AddI2cBus("i2c-1").Transfer(0x50, [0x00, 0x1F, 0xAA, 0xBB], [], isRead: false);
        Assert.Equal(0xAA, chip.Peek(0x1F, 1)[0]);
        Assert.Equal(0xBB, chip.Peek(0x00, 1)[0]);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task ReadStateAsync_NewChip_IsEmpty()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x57, new SimulatedEeprom24c(bench.Time));
        await using var memory = bench.Actuator("24cxx", ("address", "0x57"));
        Assert.Equal("", (await ReadAsync(bench, memory)).Find("text")!.Value.Text);
    }

    [Fact]
    public async Task SetAsync_WriteProtected_IsAFailureThatNamesThePin()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x50, new SimulatedEeprom24c(bench.Time)).IsWriteProtected = true;
        await using var memory = bench.Actuator("24cxx", ("writable", "true"));
        var failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(memory, "text", "x"));
        Assert.Contains("WP", failure.Check, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("i2c-0", "true", "HAT")] // never, whatever the options say
    [InlineData("i2c-1", "false", "writable")]
    public async Task SetAsync_NotToBeWritten_IsRefusedAndWritesNothing(string bus, string writable, string named)
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c(bus, 0x50, new SimulatedEeprom24c(bench.Time));
        await using var memory = bench.Actuator("24cxx", ("bus", bus), ("writable", writable));
        var failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(memory, "text", "x"));
        Assert.Equal(DriverFault.Option, failure.Fault);
        Assert.Contains(named, failure.Check, StringComparison.Ordinal);
        await memory.MakeSafeAsync(CancellationToken.None);
        Assert.Empty(chip.Transfers);
    }

    [Theory]
    [InlineData("a text that has more bytes than there is room for it")]
    [InlineData("a\0b")]
    public async Task SetAsync_TextThatDoesNotFit_IsRefused(string text)
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x50, new SimulatedEeprom24c(bench.Time));
        await using var memory = bench.Actuator("24cxx", ("writable", "true"));
        Assert.Equal(DriverFault.Option, (await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(memory, "text", text))).Fault);
    }

    [Fact]
    public async Task ReadStateAsync_BytesThatAreNoText_AreShown()
    {
        using var bench = new Bench();
        bench.Header.AddI2c("i2c-1", 0x50, new SimulatedEeprom24c(bench.Time)).Poke(0, [0xC3, 0x28, 0x00]);
        await using var memory = bench.Actuator("24cxx");
        var failure = await Assert.ThrowsAsync<ActuatorException>(() => ReadAsync(bench, memory));
        Assert.Equal(DriverFault.Garbage, failure.Fault);
        Assert.Contains("C328", failure.Came, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadStateAsync_Absent_SaysSoAndReadsWhenItIsBack()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x50, new SimulatedEeprom24c(bench.Time));
        chip.Poke(0, "hello\0"u8);
        chip.Unplug();
        await using var memory = bench.Actuator("24cxx");
        var failure = await Assert.ThrowsAsync<ActuatorException>(() => ReadAsync(bench, memory));
        Assert.Equal(DriverFault.Absent, failure.Fault);
        Assert.Contains("24Cxx at 0x50 on i2c-1", failure.Message, StringComparison.Ordinal);
        chip.PlugIn();
        Assert.Equal("hello", (await ReadAsync(bench, memory)).Find("text")!.Value.Text);
    }

    [Theory]
    [InlineData("24c02", 250, "0x50", "offset")]
    [InlineData("24c16", 0, "0x51", "address")]
    public void Create_PlaceOutsideOfTheMemory_NamesTheOption(string size, int offset, string address, string option)
    {
        using var bench = new Bench();
        var failure = Assert.Throws<DriverOptionException>(() => bench.Create("24cxx", ("size", size), ("offset", offset), ("address", address)));
        Assert.Equal(option, Assert.Single(failure.Faults).Option);
    }

    private static async Task<ActuatorState> ReadAsync(Bench bench, IActuator memory) => await bench.Time.RunAsync(memory.ReadStateAsync(CancellationToken.None));
}
