using Drivers.Tests.Support;
using EdgeGateway.Drivers;

namespace Drivers.Tests.Gpio;

public sealed class ButtonTests
{
    private const int Pin = 17;

    [Fact]
    public async Task Events_PressAndRelease_GiveAClickAfterTheDoubleWindow()
    {
        await using var button = new ButtonBench();
        button.Press(100);
        button.Wait(500);
        button.Sees(["press", "release", "click"]);
        Assert.Equal(0.1, button.Seen[1].Value, 0.02);
    }

    [Fact]
    public async Task Events_TwoPresses_GiveADoubleAndNoClick()
    {
        await using var button = new ButtonBench();
        button.Press(100);
        button.Wait(100);
        button.Press(100);
        button.Wait(1000);
        button.Sees(["press", "release", "press", "release", "double"]);
    }

    [Fact]
    public async Task Events_Held_GiveALongWhileItIsStillDown()
    {
        await using var button = new ButtonBench();
        button.Down();
        button.Wait(900);
        button.Sees(["press", "long"]);
        button.Up();
        button.Wait(1000);
        button.Sees(["press", "long", "release"]);
        Assert.InRange(button.Seen[2].Value, 0.88, 0.92);
    }

    [Fact]
    public async Task Events_NoDoubleWanted_ClickAtOnce()
    {
        await using var button = new ButtonBench(("double", "0s"));
        button.Press(50);
        button.Sees(["press", "release", "click"]);
    }

    [Fact]
    public async Task Events_BouncingContact_IsOnePress()
    {
        await using var button = new ButtonBench();
        button.Header.Lines.Bounce(Pin, level: false, edges: 41);
        button.Wait(50);
        button.Header.Lines.Bounce(Pin, level: true, edges: 31);
        button.Wait(1000);
        button.Sees(["press", "release", "click"]);
        Assert.Equal([1, 1, 1], button.Seen.Select(happened => happened.Count));
    }

    [Fact]
    public async Task Events_SpikeShorterThanTheDebounce_IsNothing()
    {
        await using var button = new ButtonBench();
        button.Header.Lines.Drive(Pin, false);
        button.Wait(5);
        button.Header.Lines.Drive(Pin, true);
        button.Wait(1000);
        Assert.Empty(button.Names);
    }

    [Fact]
    public async Task Events_HeldWhileOpened_ReleaseIsNoClick()
    {
        await using var button = new ButtonBench(down: true);
        button.Up();
        button.Wait(1000);
        button.Sees(["release"]);
    }

    [Fact]
    public async Task Events_KernelLostSome_SaysHowMany()
    {
        await using var button = new ButtonBench(("debounce", "0s"));
        button.Header.Lines.LoseEvents(Pin, 7);
        button.Press(100);
        Assert.Equal(7, button.Seen[0].Lost);
    }

    [Fact]
    public async Task Events_FloatingPin_ClosesTheLineAndSaysWhy()
    {
        await using var button = new ButtonBench(("debounce", "0s"));
        button.Header.Lines.Bounce(Pin, level: false, edges: 5001);
        var failure = await Assert.ThrowsAsync<SensorReadException>(() => button.Reading.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(DriverFault.Implausible, failure.Fault);
        Assert.Contains("float", failure.Check, StringComparison.Ordinal);
        Assert.False(button.Header.Lines.IsOpen(Pin));
    }

    [Fact]
    public async Task ReadAsync_LevelAndCount_FollowTheButton()
    {
        await using var button = new ButtonBench();
        Assert.Equal(0, (await button.Bench.ReadAsync((ISensor)button.Device))["pressed"]);
        button.Down();
        var reading = await button.Bench.ReadAsync((ISensor)button.Device);
        Assert.Equal(1, reading["pressed"]);
        Assert.Equal(1, reading["presses"]);
    }

    private sealed class ButtonBench : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly List<InputEvent> _seen = [];

        public ButtonBench(params (string Name, object Value)[] options)
            : this(down: false, options)
        {
        }

        public ButtonBench(bool down, params (string Name, object Value)[] options)
        {
            Header.Lines.Drive(Pin, !down);
            Device = Bench.Create("button", [("pin", Pin), .. options]);
            Reading = ReadAsync();
        }

        public Bench Bench { get; } = new();

        public EdgeGateway.Drivers.Simulation.SimulatedHeader Header => Bench.Header;

        public IDevice Device { get; }

        public Task Reading { get; }

        public IReadOnlyList<InputEvent> Seen
        {
            get
            {
                SpinWait.SpinUntil(() => false, 20); // the reader runs on the pool
                lock (_seen)
                    return [.. _seen];
            }
        }

        public IEnumerable<string> Names => Seen.Select(happened => happened.Name);

        /// <summary>Waits for so many events; there must be no others.</summary>
        public void Sees(string[] names)
        {
            SpinWait.SpinUntil(() => Count >= names.Length, TimeSpan.FromSeconds(30));
            Assert.Equal(names, Names);
        }

        private int Count
        {
            get
            {
                lock (_seen)
                    return _seen.Count;
            }
        }

        public void Down()
        {
            Header.Lines.Drive(Pin, false);
            Wait(20);
        }

        public void Up()
        {
            Header.Lines.Drive(Pin, true);
            Wait(20);
        }

        public void Press(int milliseconds)
        {
            Down();
            Wait(milliseconds - 20);
            Up();
        }

        public void Wait(int milliseconds)
        {
            for (var i = 0; i < milliseconds; i++)
                Bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            try
            {
                await Reading;
            }
            catch (Exception ex) when (ex is OperationCanceledException or SensorReadException)
            {
                // the end of reading; a test that expects the failure has seen it
            }

            await Device.DisposeAsync();
            Bench.Dispose();
            _stop.Dispose();
        }

        private async Task ReadAsync()
        {
            await foreach (var happened in ((IEventInput)Device).ReadEventsAsync(_stop.Token))
                lock (_seen)
                    _seen.Add(happened);
        }
    }
}
