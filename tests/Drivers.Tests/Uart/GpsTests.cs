using System.Text;
using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Uart;

public sealed class GpsTests
{
    private const string Gga = "GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,", Rmc = "GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W";

    [Theory]
    [InlineData(Gga, "47")]
    [InlineData(Rmc, "6A")]
    public void Find_Sentence_ChecksItsSum(string body, string sum)
    {
        var whole = Encoding.ASCII.GetBytes($"\r\n${body}*{sum}\r\n");
        var found = NmeaSentence.Find(whole);
        Assert.Equal((2, body.Length + 4), (found.Skip, found.Length));
        whole[10] ^= 1;
        found = NmeaSentence.Find(whole);
        Assert.Equal(0, found.Length);
        Assert.True(found.HasBadChecksum);
    }

    [Theory]
    [InlineData("$GPGGA,12")] // cut, and the next begins
    [InlineData("$GPGGA,\u0001\u0002")]
    [InlineData("$GPGGA,12*4")]
    [InlineData("*47\r\n")]
    public void Find_CutSentence_SkipsToTheNext(string cut)
    {
        var found = NmeaSentence.Find([.. Encoding.Latin1.GetBytes(cut), .. SimulatedGps.Sentence("GPGGA,1")]);
        Assert.Equal((cut.Length, 11), (found.Skip, found.Length));
    }

    [Theory]
    [InlineData("4807.038,N", 48.1173)]
    [InlineData("4807.038,S", -48.1173)]
    [InlineData("01131.000,E", 11.516667)]
    [InlineData("01131.000,W", -11.516667)]
    [InlineData("00000.000,E", 0.0)]
    [InlineData("17959.999,W", -179.999983)]
    [InlineData("4867.038,N", null)] // 67 minutes
    [InlineData("4807.038,", null)]
    [InlineData(",N", null)]
    public void Angle_Field_GivesDegrees(string fields, double? degrees)
    {
        var angle = new NmeaSentence(["GPGGA", .. fields.Split(',')]).Angle(1);
        Assert.Equal(degrees is null, angle is null);
        if (degrees is { } expected)
            Assert.Equal(expected, angle!.Value, 1e-5);
    }

    [Theory]
    [InlineData("123519", "230394", "1994-03-23T12:35:19")]
    [InlineData("235959.75", "010326", "2026-03-01T23:59:59.75")]
    [InlineData("", "010326", null)]
    [InlineData("256000", "010326", null)]
    [InlineData("120000", "310226", null)]
    public void Parse_Time_GivesUtc(string clock, string date, string? expected) =>
        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected + "Z", System.Globalization.CultureInfo.InvariantCulture), GpsTime.Parse(clock, date));

    [Fact]
    public async Task ReadAsync_Fix_GivesPositionAndMotion()
    {
        using var bench = new Bench();
        using var line = new SimulatedUart();
        using var far = new SimulatedGps(bench.Header.AddUart("serial0", line), bench.Time);
        await using var sensor = bench.Sensor("gps");
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(48.1173, reading["latitude"], 1e-5);
        Assert.Equal(11.516667, reading["longitude"], 1e-5);
        Assert.Equal(545.4, reading["altitude"]);
        Assert.Equal(8, reading["satellites"]);
        Assert.Equal(22.4 * 1852 / 3600, reading["speed"], 1e-6);
        (far.Latitude, far.Longitude) = (-33.8688, -70.5);
        reading = await bench.ReadAsync(sensor);
        Assert.Equal(-33.8688, reading["latitude"], 1e-5);
        Assert.Equal(-70.5, reading["longitude"], 1e-5);
    }

    [Fact]
    public async Task ReadAsync_Time_IsGoodAfterThreeFixesThatAgree()
    {
        using var bench = new Bench();
        using var line = new SimulatedUart();
        using var far = new SimulatedGps(bench.Header.AddUart("serial0", line), bench.Time) { ClockOffset = TimeSpan.FromSeconds(90) };
        await using var sensor = bench.Sensor("gps");
        foreach (var quality in new[] { ReadingQuality.Warming, ReadingQuality.Warming, ReadingQuality.Good })
        {
            var offset = (await bench.ReadAsync(sensor)).Find("clockOffset")!.Value;
            Assert.Equal(quality, offset.Quality);
            Assert.Equal(90, offset.Value, 0.2);
        }

        far.ClockOffset += TimeSpan.FromHours(1); // it jumps: three again
        Assert.Equal(ReadingQuality.Warming, (await bench.ReadAsync(sensor)).Find("clockOffset")!.Value.Quality);
        far.Satellites = 3;
        for (var i = 0; i < 4; i++)
            Assert.Equal(ReadingQuality.Warming, (await bench.ReadAsync(sensor)).Find("clockOffset")!.Value.Quality);
    }

    [Fact]
    public async Task ReadAsync_WeekCounterTurnedOver_UsesNoSuchTime()
    {
        using var bench = new Bench();
        using var line = new SimulatedUart();
        using var far = new SimulatedGps(bench.Header.AddUart("serial0", line), bench.Time) { ClockOffset = TimeSpan.FromDays(-1024 * 7) };
        await using var sensor = bench.Sensor("gps");
        for (var i = 0; i < 4; i++)
        {
            var reading = await bench.ReadAsync(sensor);
            Assert.Null(reading.Find("clockOffset"));
            Assert.Equal(48.1173, reading["latitude"], 1e-5);
        }
    }

    [Fact]
    public async Task ReadAsync_NoFix_IsAFailureThatSaysWhy()
    {
        using var bench = new Bench();
        using var line = new SimulatedUart();
        using var far = new SimulatedGps(bench.Header.AddUart("serial0", line), bench.Time) { HasFix = false };
        await using var sensor = bench.Sensor("gps");
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(DriverFault.NotReady, failure.Fault);
        Assert.Contains("no fix", failure.Came, StringComparison.Ordinal);
        far.HasFix = true;
        Assert.Equal(8, (await bench.ReadAsync(sensor))["satellites"]); // at once, without a pause
    }

    [Fact]
    public Task Faults_OfTheLine_AreToldApart() => UartFaultCases.AssertAsync("gps", (bench, line) => _ = new SimulatedGps(line, bench.Time));
}
