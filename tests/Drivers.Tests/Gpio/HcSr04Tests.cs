using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.Gpio;

public sealed class HcSr04Tests
{
    private const int Trigger = 23, Echo = 24;

    [Theory]
    [InlineData(20, 343.42)]
    [InlineData(0, 331.3)]
    [InlineData(-10, 325.24)]
    public void SpeedOfSound_Temperature_FollowsIt(double celsius, double expected) => Assert.Equal(expected, HcSr04.SpeedOfSound(celsius), 0.001);

    [Theory] // 58.24 µs a centimetre at 20 °C; a fixed 343 m/s would be 3 % short at 40 °C and long at 0 °C
    [InlineData(20, 5824, 1.000)]
    [InlineData(20, 582.4, 0.100)]
    [InlineData(20, 20_000, 3.434)]
    [InlineData(0, 6036.8, 1.000)]
    [InlineData(40, 5625, 1.000)]
    public async Task ReadAsync_Echo_GivesTheDistance(double celsius, double microseconds, double metres)
    {
        using var bench = new Bench();
        using var module = new SimulatedHcSr04(bench.Header, Trigger, Echo, bench.Time) { Width = TimeSpan.FromMicroseconds(microseconds) };
        await using var sensor = Sensor(bench, ("temperature", celsius));
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(metres, reading["distance"], 0.001);
        Assert.Equal(ReadingQuality.Good, reading.Quality);
    }

    [Fact]
    public async Task ReadAsync_OddEchoes_TheMiddleOneCounts()
    {
        using var bench = new Bench();
        using var module = new SimulatedHcSr04(bench.Header, Trigger, Echo, bench.Time);
        module.Next(5824, 300, 5824, 37_999, 5824);
        await using var sensor = Sensor(bench);
        Assert.Equal(1, (await bench.ReadAsync(sensor))["distance"], 0.001);
    }

    [Fact]
    public async Task ReadAsync_NothingThere_IsSaturated()
    {
        using var bench = new Bench();
        using var module = new SimulatedHcSr04(bench.Header, Trigger, Echo, bench.Time);
        module.SeeNothing();
        await using var sensor = Sensor(bench);
        var reading = await bench.ReadAsync(sensor);
        Assert.Equal(4, reading["distance"]);
        Assert.Equal(ReadingQuality.Saturated, reading.Quality);
    }

    [Fact]
    public async Task ReadAsync_ModuleDeadAndBack_IsAbsentAndReadsOn()
    {
        using var bench = new Bench();
        using var module = new SimulatedHcSr04(bench.Header, Trigger, Echo, bench.Time) { Width = null };
        await using var sensor = Sensor(bench);
        var failure = await bench.FailAsync(sensor);
        Assert.Equal(DriverFault.Absent, failure.Fault);
        Assert.Contains("HC-SR04 at GPIO23/GPIO24", failure.Message, StringComparison.Ordinal);
        module.Width = TimeSpan.FromMicroseconds(5824);
        bench.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(1, (await bench.ReadAsync(sensor))["distance"], 0.001);
    }

    [Fact]
    public async Task ReadAsync_KernelLostEdges_PingsAgain()
    {
        using var bench = new Bench();
        using var module = new SimulatedHcSr04(bench.Header, Trigger, Echo, bench.Time) { Width = TimeSpan.FromMicroseconds(5824) };
        await using var sensor = Sensor(bench);
        await bench.ReadAsync(sensor);
        bench.Header.Lines.LoseEvents(Echo, 1);
        Assert.Equal(1, (await bench.ReadAsync(sensor))["distance"], 0.001);
        Assert.Equal(11, bench.Header.Lines.Recording(Trigger).Count(change => change.High));
    }

    [Fact]
    public async Task ReadAsync_EchoHeldHigh_SaysSo()
    {
        using var bench = new Bench();
        using var module = new SimulatedHcSr04(bench.Header, Trigger, Echo, bench.Time);
        bench.Header.Lines.Drive(Echo, true);
        await using var sensor = Sensor(bench);
        Assert.Equal(DriverFault.BusStuck, (await bench.FailAsync(sensor)).Fault);
    }

    private static ISensor Sensor(Bench bench, params (string, object)[] options) => bench.Sensor("hc-sr04", [("trigger", Trigger), ("echo", Echo), .. options]);
}
