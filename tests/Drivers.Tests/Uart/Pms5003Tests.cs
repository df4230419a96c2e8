using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Uart;

public sealed class Pms5003Tests
{
    [Theory] // data manual v2.3, appendix II
    [InlineData(0xE1, 0, "424DE100000170")]
    [InlineData(0xE1, 1, "424DE100010171")]
    [InlineData(0xE2, 0, "424DE200000171")]
    [InlineData(0xE4, 0, "424DE400000173")]
    [InlineData(0xE4, 1, "424DE400010174")]
    public void Command_OfTheManual_HasItsSum(byte command, byte argument, string frame) =>
        Assert.Equal(frame, Convert.ToHexString(Pms5003Frame.Command(command, argument)));

    [Fact]
    public async Task ReadAsync_Frame_GivesTheAtmosphericValues()
    {
        using var bench = new Bench();
        using var line = new SimulatedUart();
        var far = new SimulatedPms5003(bench.Header.AddUart("serial0", line));
        await using var sensor = bench.Sensor("pms5003");
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal([4, 7, 8, 1200, 350, 60, 8, 2, 1], reading.Values.Select(value => value.Value)); // the words after the three of CF=1
        Assert.Equal(ReadingQuality.Warming, reading.Quality);
        bench.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(ReadingQuality.Good, (await bench.ReadAsync(sensor)).Quality);
        for (var value = 0; value <= 0xFFFF; value += 4369)
        {
            far.Words[4] = value;
            var whole = await bench.ReadAsync(sensor);
            Assert.Equal(value, whole["pm25"]);
            Assert.Equal(value <= 1000 ? ReadingQuality.Good : ReadingQuality.Implausible, whole.Find("pm25")!.Value.Quality);
        }
    }

    [Fact]
    public async Task ReadAsync_SleepWanted_RestsBetweenReadingsAndWaitsAfterWaking()
    {
        using var bench = new Bench();
        using var line = new SimulatedUart();
        var far = new SimulatedPms5003(bench.Header.AddUart("serial0", line));
        await using var sensor = bench.Sensor("pms5003", ("sleep", true));
        for (var i = 1; i <= 2; i++)
        {
            var before = bench.Time.GetTimestamp();
            Assert.Equal(ReadingQuality.Good, (await bench.ReadAsync(sensor)).Quality);
            Assert.True(bench.Time.GetElapsedTime(before) >= TimeSpan.FromSeconds(30));
            Assert.True(far.IsAsleep);
            Assert.Equal(i, far.Sleeps);
            bench.Time.Advance(TimeSpan.FromMinutes(5));
        }
    }

    [Fact]
    public async Task ReadAsync_ErrorOfTheSensor_IsAFailure()
    {
        using var bench = new Bench();
        using var line = new SimulatedUart();
        var far = new SimulatedPms5003(bench.Header.AddUart("serial0", line));
        far.Words[12] = 0x9102;
        await using var sensor = bench.Sensor("pms5003");
        Assert.Equal(DriverFault.ChipFault, (await bench.FailAsync(sensor)).Fault);
    }

    [Fact]
    public Task Faults_OfTheLine_AreToldApart() => UartFaultCases.AssertAsync("pms5003", (bench, line) => _ = new SimulatedPms5003(line));
}
