using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Uart;

public sealed class MhZ19Tests
{
    [Theory] // manual v1.6
    [InlineData(0x86, "", "FF0186000000000079")]
    [InlineData(0x79, "A0", "FF0179A000000000E6")]
    [InlineData(0x79, "00", "FF0179000000000086")]
    [InlineData(0x87, "", "FF0187000000000078")]
    public void Command_OfTheManual_HasItsChecksum(byte command, string arguments, string frame) =>
        Assert.Equal(frame, Convert.ToHexString(MhZ19Frame.Command(command, Convert.FromHexString(arguments))));

    [Theory]
    [InlineData("FF86026047000000D1", 0, 9)]
    [InlineData("00FFFF86026047000000D1", 2, 9)]
    [InlineData("FF860260", 0, 0)] // not whole yet
    [InlineData("FF86026047000000D0", 9, 0)] // wrong checksum
    [InlineData("0102FF", 2, 0)] // the last byte may be a start
    public void Find_Bytes_SkipsWhatIsNoFrame(string bytes, int skip, int length)
    {
        var found = MhZ19Frame.Find(Convert.FromHexString(bytes));
        Assert.Equal((skip, length), (found.Skip, found.Length));
    }

    [Fact]
    public async Task ReadAsync_ManualsFrame_Gives608Ppm()
    {
        var (bench, sensor, _) = Wire(("warmUp", "0s"));
        using (bench)
        {
            var reading = await bench.ReadAsync(sensor);
            Assert.Equal(608, reading["co2"]);
            Assert.Equal(31, reading["temperature"]);
            Assert.Equal(ReadingQuality.Good, reading.Quality);
            await sensor.DisposeAsync();
        }
    }

    [Fact]
    public async Task ReadAsync_EveryValue_GivesItBackAndSaturatesAtTheRange()
    {
        var (bench, sensor, far) = Wire(("warmUp", "0s"));
        using (bench)
        {
            for (var ppm = 0; ppm <= 5000; ppm += 125)
            {
                far.Ppm = ppm;
                var reading = await bench.ReadAsync(sensor);
                Assert.Equal(ppm, reading["co2"]);
                Assert.Equal(ppm < 5000 ? ReadingQuality.Good : ReadingQuality.Saturated, reading.Find("co2")!.Value.Quality);
            }

            await sensor.DisposeAsync();
        }
    }

    [Fact]
    public async Task ReadAsync_FirstMinutes_AreWarming()
    {
        var (bench, sensor, far) = Wire();
        using (bench)
        {
            far.Ppm = 400; // what it says until it is warm
            Assert.Equal(ReadingQuality.Warming, (await bench.ReadAsync(sensor)).Quality);
            bench.Time.Advance(TimeSpan.FromSeconds(179));
            Assert.Equal(ReadingQuality.Warming, (await bench.ReadAsync(sensor)).Quality);
            bench.Time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(ReadingQuality.Good, (await bench.ReadAsync(sensor)).Quality);
            await sensor.DisposeAsync();
        }
    }

    [Fact]
    public async Task Configure_RangeAndSelfCalibration_AreTold()
    {
        var (bench, sensor, far) = Wire(("range", 10_000), ("selfCalibration", "off"));
        using (bench)
        {
            await bench.ReadAsync(sensor);
            Assert.Equal(10_000, far.Range);
            Assert.False(far.SelfCalibration);
            await sensor.DisposeAsync();
        }
    }

    [Fact]
    public Task Faults_OfTheLine_AreToldApart() => UartFaultCases.AssertAsync("mh-z19", (bench, line) => _ = new SimulatedMhZ19(line), ("warmUp", "0s"));

    private static (Bench Bench, ISensor Sensor, SimulatedMhZ19 Far) Wire(params (string, object)[] options)
    {
        var bench = new Bench();
        var far = new SimulatedMhZ19(bench.Header.AddUart("serial0", new SimulatedUart()));
        return (bench, bench.Sensor("mh-z19", options), far);
    }
}
