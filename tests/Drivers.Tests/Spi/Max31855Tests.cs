using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Spi;

public sealed class Max31855Tests
{
    [Theory] // 19-5793 Table 4
    [InlineData("01100100000000", 1600.00)]
    [InlineData("00111110100000", 1000.00)]
    [InlineData("00000110010011", 100.75)]
    [InlineData("00000001100100", 25.00)]
    [InlineData("00000000000000", 0.00)]
    [InlineData("11111111111111", -0.25)]
    [InlineData("11111111111100", -1.00)]
    [InlineData("11110000011000", -250.00)]
    public void Thermocouple_DatasheetsBits_GivesItsNumber(string bits, double celsius) =>
        Assert.Equal(celsius, Max31855.Thermocouple(Convert.ToUInt32(bits, 2) << 18));

    [Theory] // Table 5
    [InlineData("011111110000", 127.0000)]
    [InlineData("011001001001", 100.5625)]
    [InlineData("000110010000", 25.0000)]
    [InlineData("111111111111", -0.0625)]
    [InlineData("111011000000", -20.0000)]
    [InlineData("110010010000", -55.0000)]
    public void Junction_DatasheetsBits_GivesItsNumber(string bits, double celsius) =>
        Assert.Equal(celsius, Max31855.Junction(Convert.ToUInt32(bits, 2) << 4));

    [Fact]
    public void Decode_EveryWord_IsMonotonic()
    {
        for (var raw = -8192; raw < 8192; raw++)
            Assert.Equal(raw * 0.25, Max31855.Thermocouple((uint)(raw & 0x3FFF) << 18));
        for (var raw = -2048; raw < 2048; raw++)
            Assert.Equal(raw * 0.0625, Max31855.Junction((uint)(raw & 0xFFF) << 4));
    }

    [Theory] // NIST Monograph 175, table 10.3 of type K, in millivolts
    [InlineData(-200, -5.891)]
    [InlineData(-100, -3.554)]
    [InlineData(0, 0.000)]
    [InlineData(25, 1.000)]
    [InlineData(100, 4.096)]
    [InlineData(500, 20.644)]
    [InlineData(1000, 41.276)]
    [InlineData(1372, 54.886)]
    public void TypeK_OfTheTable_GivesItsVoltage(double celsius, double millivolts) => Assert.Equal(millivolts, TypeK.Millivolts(celsius), 0.0006);

    [Fact]
    public void Correct_WholeRange_FindsTheTemperatureTheLineMissed()
    {
        for (var celsius = -200.0; celsius <= 1370; celsius += 5)
        {
            var chip = 25 + ((TypeK.Millivolts(celsius) - TypeK.Millivolts(25)) / 0.041276); // what the chip shows
            Assert.Equal(celsius, TypeK.Correct(chip, 25), 0.002);
        }
    }

    [Theory]
    [InlineData(0x01901900u, 25.00, 25.00)]
    [InlineData(0xFFFCFFF0u, -0.25, -0.0625)]
    public async Task ReadAsync_Word_GivesBothTemperatures(uint word, double celsius, double junction)
    {
        using var bench = new Bench();
        bench.Header.AddSpi("spidev0.0", new SimulatedMax31855(bench.Time)).SetWord(word);
        await using var sensor = bench.Sensor("max31855", ("linearization", "chip"));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(celsius, reading["temperature"]);
        Assert.Equal(junction, reading["junction"]);
    }

    [Fact]
    public async Task ReadAsync_Freezing_IsLinearised()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddSpi("spidev0.0", new SimulatedMax31855(bench.Time));
        chip.SetTemperature(25 + ((TypeK.Millivolts(-100) - TypeK.Millivolts(25)) / 0.041276), 25); // the chip says -85.25
        await using var sensor = bench.Sensor("max31855");
        Assert.Equal(-100, (await bench.ReadAsync(sensor))["temperature"], 0.3);
    }

    [Theory]
    [InlineData(0x00010001u, DriverFault.ChipFault, "open")]
    [InlineData(0x00010002u, DriverFault.ChipFault, "ground")]
    [InlineData(0x00010004u, DriverFault.ChipFault, "supply")]
    [InlineData(0x01921900u, DriverFault.Garbage, "bits that are always 0")]
    public async Task ReadAsync_FaultBits_AreNamed(uint word, DriverFault fault, string came)
    {
        using var bench = new Bench();
        var chip = bench.Header.AddSpi("spidev0.0", new SimulatedMax31855(bench.Time));
        chip.SetWord(word);
        await using var sensor = bench.Sensor("max31855");
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(fault, failure.Fault);
        Assert.Contains(came, failure.Came, StringComparison.Ordinal);
        chip.SetTemperature(20, 20);
        Assert.Equal(20, (await bench.ReadAsync(sensor))["temperature"], 0.01);
    }

    [Fact]
    public Task Faults_OfTheBus_AreToldApart() => SpiFaultCases.AssertAsync("max31855", time => new SimulatedMax31855(time));
}
