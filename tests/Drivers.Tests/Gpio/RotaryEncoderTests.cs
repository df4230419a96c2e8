using Drivers.Tests.Support;
using EdgeGateway.Drivers;

namespace Drivers.Tests.Gpio;

public sealed class RotaryEncoderTests
{
    private const int A = 16, B = 20;

    [Theory]
    [InlineData(4, 3)]
    [InlineData(2, 6)]
    [InlineData(1, 12)]
    public async Task Events_TurnedBothWays_CountsDetents(int stepsPerDetent, int detents)
    {
        using var bench = new Bench();
        await using var encoder = bench.Create("rotary-encoder", ("pinA", A), ("pinB", B), ("stepsPerDetent", stepsPerDetent), ("debounce", "0s"));
        await using var log = new EventLog(encoder);
        Turn(bench, cycles: 3, clockwise: true);
        Assert.Equal(detents, (await bench.ReadAsync((ISensor)encoder))["position"]);
        Turn(bench, cycles: 3, clockwise: false);
        Assert.Equal(0, (await bench.ReadAsync((ISensor)encoder))["position"]);
        var seen = await log.AtLeastAsync(2 * detents);
        Assert.All(seen, happened => Assert.Equal("turn", happened.Name));
        Assert.Equal([.. Enumerable.Repeat(1.0, detents), .. Enumerable.Repeat(-1.0, detents)], seen.Select(happened => happened.Value));
    }

    [Fact]
    public async Task Events_BouncingContacts_AddUpToNothing()
    {
        using var bench = new Bench();
        await using var encoder = bench.Sensor("rotary-encoder", ("pinA", A), ("pinB", B), ("debounce", "0s"));
        await bench.ReadAsync(encoder);
        for (var cycle = 0; cycle < 5; cycle++)
        {
            foreach (var (pin, level) in new[] { (A, false), (B, false), (A, true), (B, true) })
            {
                bench.Time.Advance(TimeSpan.FromMilliseconds(1));
                bench.Header.Lines.Bounce(pin, level, edges: 9);
            }
        }

        var reading = await bench.ReadAsync(encoder);
        Assert.Equal(5, Math.Abs(reading["position"]));
        Assert.Equal(0, reading["lost"]);
    }

    [Fact]
    public async Task Events_FlutterBetweenTwoDetents_TurnsNothing()
    {
        using var bench = new Bench();
        await using var encoder = bench.Sensor("rotary-encoder", ("pinA", A), ("pinB", B), ("debounce", "0s"));
        await bench.ReadAsync(encoder);
        for (var i = 0; i < 100; i++)
            bench.Header.Lines.Drive(A, i % 2 == 1);
        Assert.Equal(0, (await bench.ReadAsync(encoder))["position"]);
    }

    [Fact]
    public async Task Events_EdgesOutOfOrderOrLost_AreCountedAsLostNotAsTurns()
    {
        using var bench = new Bench();
        await using var encoder = bench.Sensor("rotary-encoder", ("pinA", A), ("pinB", B), ("stepsPerDetent", 1), ("debounce", "0s"));
        await bench.ReadAsync(encoder);
        var now = bench.Time.GetTimestamp();
        bench.Header.Lines.Drive(A, false, now + 2000);
        bench.Header.Lines.Drive(B, false, now + 1000); // B came first, its event arrives second
        bench.Header.Lines.LoseEvents(A, 2);
        bench.Header.Lines.Drive(A, true, now + 3000);
        Assert.Equal(3, (await bench.ReadAsync(encoder))["lost"]);
    }

    [Fact]
    public async Task ReadAsync_SecondPinTaken_GivesTheFirstBack()
    {
        using var bench = new Bench();
        bench.Header.Lines.OwnByKernel(B);
        await using var encoder = bench.Sensor("rotary-encoder", ("pinA", A), ("pinB", B));
        Assert.Equal(DriverFault.Taken, (await bench.FailAsync(encoder)).Fault);
        Assert.False(bench.Header.Lines.IsOpen(A));
    }

    private static void Turn(Bench bench, int cycles, bool clockwise)
    {
        var (first, second) = clockwise ? (Leads, Follows) : (Follows, Leads);
        for (var cycle = 0; cycle < cycles; cycle++)
        {
            foreach (var (pin, level) in new[] { (first, false), (second, false), (first, true), (second, true) })
            {
                bench.Time.Advance(TimeSpan.FromMilliseconds(1));
                bench.Header.Lines.Drive(pin, level);
            }
        }
    }

    private const int Leads = A, Follows = B;
}
