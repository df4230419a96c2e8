using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Spi;

public sealed class Mcp3008Tests
{
    [Theory]
    [InlineData(10, 8, "018000")] // CH0 (Figure 6-1)
    [InlineData(10, 15, "01F000")] // CH7
    [InlineData(10, 0, "010000")] // CH0 = IN+, CH1 = IN-
    [InlineData(12, 8, "060000")] // MCP3208, CH0
    [InlineData(12, 13, "074000")] // MCP3208, CH5
    public void Encode_Input_GivesTheDatasheetsFrame(int bits, int code, string frame)
    {
        var bytes = new byte[3];
        Mcp3008.Encode(code, bits, bytes);
        Assert.Equal(frame, Convert.ToHexString(bytes));
    }

    [Theory]
    [InlineData(10, "5A0200", 512)]
    [InlineData(10, "FFFBFF", 1023)] // what floats before the null bit does not count
    [InlineData(10, "000400", null)]
    [InlineData(12, "00E800", 0x800)]
    [InlineData(12, "001000", null)]
    public void Decode_Frame_GivesTheCode(int bits, string frame, int? code) => Assert.Equal(code, Mcp3008.Decode(Convert.FromHexString(frame), bits));

    [Theory]
    [InlineData("mcp3008", 10)]
    [InlineData("mcp3208", 12)]
    public async Task ReadAsync_WholeRange_RisesAndSaturatesAtTheEnd(string driver, int bits)
    {
        using var bench = new Bench();
        var chip = bench.Header.AddSpi("spidev0.0", new SimulatedMcp3008(bench.Time, bits));
        await using var sensor = bench.Sensor(driver, ("inputs", "3,0-1"));
        chip.SetInput(0, 2);
        chip.SetInput(1, 0.5);
        var last = -1.0;
        for (var volts = 0.0; volts <= 3.3; volts += 0.05)
        {
            chip.SetInput(3, volts);
            var reading = await bench.ReadAsync(sensor);
            Assert.Equal(volts, reading["voltage3"], 3.3 / (1 << bits) * 1.01);
            Assert.True(reading["voltage3"] >= last);
            Assert.Equal(1.5, reading["voltage01"], 0.004);
            last = reading["voltage3"];
        }

        chip.SetInput(3, 5);
        Assert.Equal(ReadingQuality.Saturated, (await bench.ReadAsync(sensor)).Find("voltage3")!.Value.Quality);
    }

    [Fact]
    public async Task ReadAsync_ZeroVoltsOnOneInput_IsAValue()
    {
        using var bench = new Bench();
        var chip = bench.Header.AddSpi("spidev0.0", new SimulatedMcp3008(bench.Time));
        chip.SetInput(6, 0.1);
        await using var sensor = bench.Sensor("mcp3008", ("inputs", "0"));
        Assert.Equal(0, (await bench.ReadAsync(sensor))["voltage0"]);
    }

    [Theory]
    [InlineData("mcp3008", 10)]
    [InlineData("mcp3208", 12)]
    public Task Faults_OfTheBus_AreToldApart(string driver, int bits) => SpiFaultCases.AssertAsync(driver, time =>
    {
        var chip = new SimulatedMcp3008(time, bits);
        chip.SetInput(2, 1);
        return chip;
    });
}
