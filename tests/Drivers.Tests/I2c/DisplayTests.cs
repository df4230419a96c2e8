using System.Text;
using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

public sealed class DisplayTests
{
    [Fact]
    public void Hd44780_LetterA_IsFourBytes()
    {
        var bytes = new List<byte>();
        Hd44780Wire.Append(bytes, (byte)'A', Hd44780Wire.Backlight | Hd44780Wire.RegisterSelect);
        Assert.Equal("4D491D19", Convert.ToHexString([.. bytes]));
    }

    [Theory]
    [InlineData(16, 2, new byte[] { 0x00, 0x40 })]
    [InlineData(20, 4, new byte[] { 0x00, 0x40, 0x14, 0x54 })]
    [InlineData(16, 4, new byte[] { 0x00, 0x40, 0x10, 0x50 })]
    public void Hd44780_Rows_HaveTheirAddresses(int columns, int rows, byte[] addresses) =>
        Assert.Equal(addresses, Enumerable.Range(0, rows).Select(row => Hd44780Wire.Row(row, columns)));

    [Theory]
    [InlineData('°', false, 0xDF)]
    [InlineData('ü', false, 0xF5)]
    [InlineData('°', true, 0xB0)]
    [InlineData('A', false, 0x41)]
    [InlineData('漢', false, (byte)'?')]
    [InlineData('\\', false, (byte)'?')] // A00 has a yen sign there
    public void Hd44780_Character_HasItsCode(char character, bool isEuropean, byte code) => Assert.Equal(code, Hd44780Rom.Encode(character, isEuropean));

    [Fact]
    public async Task Hd44780_Text_StandsOnTheDisplayAndIsReadBack()
    {
        using var bench = new Bench();
        var display = bench.Header.AddI2c("i2c-1", 0x27, new SimulatedHd44780(bench.Time));
        await using var device = bench.Actuator("hd44780", ("columns", 20), ("rows", 4));
        await bench.SetAsync(device, "line1", "Greenhouse 21.5 °C is warm");
        await bench.SetAsync(device, "line4", "fan on");
        Assert.Equal("Greenhouse 21.5 \u00DFC i", display.Row(0, 20)); // 0xDF, cut at 20
        Assert.Equal("fan on", display.Row(3, 20).TrimEnd());
        Assert.True(display.IsOn);
        Assert.True(display.IsLit);
        Assert.Equal(0, display.Ignored); // it was given its time after each instruction
        var state = await bench.StateAsync(device);
        Assert.Equal("Greenhouse 21.5 °C i", state.Find("line1")!.Value.Text);
        Assert.Equal("fan on", state.Find("line4")!.Value.Text);
        await bench.SetAsync(device, "backlight", "off");
        Assert.False(display.IsLit);
        Assert.Equal("off", (await bench.StateAsync(device)).Find("backlight")!.Value.Text);
        Assert.Equal("fan on", display.Row(3, 20).TrimEnd());
    }

    [Theory]
    [InlineData("line3", "x")]
    [InlineData("backlight", "dim")]
    [InlineData("text", "x")]
    public async Task Hd44780_AnotherValue_IsRefused(string name, string value)
    {
        using var bench = new Bench();
        await using var device = bench.Actuator("hd44780");
        Assert.Equal(DriverFault.Option, (await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(device, name, value))).Fault);
    }

    [Theory]
    [InlineData("ssd1306", 64, false)]
    [InlineData("ssd1306", 32, false)]
    [InlineData("sh1106", 64, true)]
    public async Task Oled_Text_IsInItsMemoryAndTheRestIsDark(string driver, int height, bool isSh1106)
    {
        using var bench = new Bench();
        var display = bench.Header.AddI2c("i2c-1", 0x3C, new SimulatedSsd1306(bench.Time, isSh1106));
        await using var device = bench.Actuator(driver, ("height", height));
        await bench.SetAsync(device, "line2", "A°");
        var page = display.Page(1);
        Assert.Equal("7E1111117E" + "00" + "0006090906" + "00", Convert.ToHexString(page.AsSpan(0, 12)));
        Assert.True(page.AsSpan(12).IndexOfAnyExcept((byte)0) < 0);
        for (var other = 0; other < height / 8; other++)
            Assert.True(other == 1 || display.Page(other).AsSpan().IndexOfAnyExcept((byte)0) < 0, $"page {other}");
        Assert.True(display.IsOn);
        Assert.True(display.HasChargePump);
        Assert.Equal("A°", (await bench.StateAsync(device)).Find("line2")!.Value.Text);
        await bench.SetAsync(device, "power", "off");
        Assert.False(display.IsOn);
        Assert.Equal("off", (await bench.StateAsync(device)).Find("power")!.Value.Text);
    }

    [Fact]
    public async Task Oled_LongWithoutACommand_GoesDarkAndWakesWithOne()
    {
        using var bench = new Bench();
        var display = bench.Header.AddI2c("i2c-1", 0x3C, new SimulatedSsd1306(bench.Time));
        await using var device = bench.Actuator("ssd1306", ("blankAfter", "1m"));
        await bench.SetAsync(device, "line1", "hello");
        bench.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(display.IsOn);
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        await bench.StateAsync(device); // waits for the blanking
        Assert.False(display.IsOn);
        await bench.SetAsync(device, "line1", "hello again");
        Assert.True(display.IsOn);
    }

    [Fact]
    public void Font_EveryCharacter_IsThereAndNoTwoAreAlike()
    {
        var seen = new HashSet<string>();
        for (var character = ' '; character <= '~'; character++)
            Assert.True(seen.Add(Convert.ToHexString(Font5x7.Glyph(new Rune(character)))), $"'{character}'");
        Assert.All(seen, glyph => Assert.Matches("^([0-7][0-9A-F]){5}$", glyph)); // seven rows: bit 7 stays dark
    }

    [Theory]
    [InlineData("hd44780", 0x27)]
    [InlineData("ssd1306", 0x3C)]
    [InlineData("sh1106", 0x3C)]
    public async Task Displays_GoneAndBack_ShowTheirTextAgain(string driver, int address)
    {
        using var bench = new Bench();
        SimulatedI2cChip chip = driver == "hd44780" ? new SimulatedHd44780(bench.Time) : new SimulatedSsd1306(bench.Time, driver == "sh1106");
        bench.Header.AddI2c("i2c-1", address, chip);
        await using var device = bench.Actuator(driver);
        await bench.SetAsync(device, "line1", "hello");
        foreach (var (errno, fault) in new[] { (I2cErrno.TimedOut, DriverFault.BusStuck), (I2cErrno.InputOutput, DriverFault.BusFault) })
        {
            chip.Faults.Fail(errno, I2cFaults.ForEver);
            var broken = await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(device, "line2", "x"));
            Assert.Equal(fault, broken.Fault);
            chip.Faults.Clear();
        }

        chip.Unplug();
        var failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(device, "line2", "world"));
        Assert.Equal(DriverFault.Absent, failure.Fault);
        Assert.Contains($"at 0x{address:X2} on i2c-1", failure.Message, StringComparison.Ordinal);
        chip.PlugIn();
        var state = await bench.StateAsync(device);
        Assert.Equal(("hello", "world"), (state.Find("line1")!.Value.Text, state.Find("line2")!.Value.Text));
        if (chip is SimulatedHd44780 text)
            Assert.Equal("world", text.Row(1, 16).TrimEnd());
        else
            Assert.Equal(Ssd1306.Page("world")[1..], ((SimulatedSsd1306)chip).Page(1));
    }
}
