using EdgeGateway.Configuration;
using EdgeGateway.Devices;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;
using Xunit;

namespace EdgeGateway.Tests.Devices;

/// <summary>Outputs on recorded lines: what a load sees, edge by edge.</summary>
[Collection(VirtualTime.Name)]
public sealed class OutputTests
{
    private const int Pin = 27, Other = 22;

    private const string Fan = """
        outputs:
          - { name: fan, driver: relay, pin: 27 }
        """;

    [Fact]
    public async Task Desired_IsDrivenAndReportedFromTheLine()
    {
        await using var bench = new DeviceBench();
        await bench.StartAsync(Fan);
        await bench.UntilAsync(() => bench.Lines.IsOpen(Pin));
        await bench.DesireAsync("fan", """{"state":"on"}""");
        await bench.UntilAsync(() => bench.Reported("fan").GetProperty("state").GetString() == "on");

        Assert.True(bench.Lines.Level(Pin));
        Assert.Equal([true], Edges(bench, Pin));
        Assert.Equal("relay", bench.Things.Things["fan"].TypeName);
        Assert.Equal("27", bench.Things.Things["fan"].Attributes["pin"]);
    }

    [Fact]
    public async Task OrderlyRestart_SafeOnStopAndRestoreOnStart_ShowsThoseTwoEdgesOnly()
    {
        await using var bench = await OnAsync(Fan);
        await bench.RestartAsync();
        await bench.UntilAsync(() => bench.Lines.Level(Pin));

        Assert.Equal([true, false, true], Edges(bench, Pin));
    }

    [Fact]
    public async Task OrderlyRestart_Hold_ShowsNoEdge()
    {
        await using var bench = await OnAsync("outputs: [ { name: fan, driver: relay, pin: 27, stop: hold } ]");
        bench.Lines.KeepsLevels = true;
        for (var upgrade = 0; upgrade < 3; upgrade++)
        {
            await bench.RestartAsync();
            await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.State == WiredState.Ok);
        }

        Assert.Equal([true], Edges(bench, Pin));
    }

    [Fact]
    public async Task OrderlyRestart_StartSafe_StaysOffUntilTheNextCommand()
    {
        await using var bench = await OnAsync("outputs: [ { name: fan, driver: relay, pin: 27, start: safe } ]");
        await bench.RestartAsync();
        await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.State == WiredState.Ok);
        Assert.False(bench.Lines.Level(Pin));
        await bench.DesireAsync("fan", """{"state":"on"}"""); // the same as before: a command all the same
        await bench.UntilAsync(() => bench.Lines.Level(Pin));

        Assert.Equal([true, false, true], Edges(bench, Pin));
    }

    [Fact]
    public async Task Kill_LeavesTheLineToTheKernel_AndSafeAfterwardsUntilTheNextCommand()
    {
        await using var bench = await OnAsync(Fan);
        await bench.KillAsync();
        Assert.False(bench.Lines.Level(Pin)); // the kernel made it an input, and its pull is down
        await bench.RebornAsync();
        await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.State == WiredState.Ok);
        await bench.UntilAsync(() => bench.Reported("fan").GetProperty("state").GetString() == "off");
        Assert.False(bench.Lines.Level(Pin));
        Assert.Equal([true, false], Edges(bench, Pin));
        await bench.DesireAsync("fan", """{"state":"on"}""");
        await bench.UntilAsync(() => bench.Lines.Level(Pin));

        Assert.Equal([true, false, true], Edges(bench, Pin));
    }

    [Fact]
    public async Task Kill_KernelKeepsTheLevel_TheNextStartMakesItSafe()
    {
        await using var bench = await OnAsync(Fan);
        bench.Lines.KeepsLevels = true;
        await bench.KillAsync();
        Assert.True(bench.Lines.Level(Pin));
        await bench.RebornAsync();
        await bench.UntilAsync(() => !bench.Lines.Level(Pin));

        Assert.Equal([true, false], Edges(bench, Pin));
    }

    [Fact]
    public async Task Kill_CrashRestore_DrivesTheDesiredStateAgain()
    {
        await using var bench = await OnAsync("outputs: [ { name: fan, driver: relay, pin: 27, crash: restore } ]");
        bench.Lines.KeepsLevels = true;
        await bench.KillAsync();
        await bench.RebornAsync();
        await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.State == WiredState.Ok);

        Assert.Equal([true], Edges(bench, Pin));
    }

    [Fact]
    public async Task ActiveLow_OpensAtItsSafeLevel_AndNeverShowsAnother()
    {
        await using var bench = new DeviceBench();
        bench.Lines.Drive(Pin, true); // the board's own pull-up: off
        await bench.StartAsync("outputs: [ { name: fan, driver: relay, pin: 27, activeLow: true } ]");
        await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.State == WiredState.Ok);
        await bench.StopAsync();
        await bench.StartAsync("outputs: [ { name: fan, driver: relay, pin: 27, activeLow: true } ]");
        await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.State == WiredState.Ok);

        Assert.Equal([true], Edges(bench, Pin)); // the pull-up, and nothing else
    }

    [Fact]
    public async Task StaleCommand_GoesSafe_AndTheSameCommandAgainKeepsItOn()
    {
        await using var bench = await OnAsync("outputs: [ { name: fan, driver: relay, pin: 27, staleAfter: 30s } ]");
        await bench.PassAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1));
        await bench.DesireAsync("fan", """{"state":"on"}""");
        await bench.UntilAsync(() => bench.Lines.Level(Pin));
        await bench.PassAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1));
        Assert.True(bench.Lines.Level(Pin));
        await bench.PassUntilAsync(() => !bench.Lines.Level(Pin), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1));
        await bench.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(5)); // its own report is no command

        Assert.Equal([true, false], Edges(bench, Pin));
    }

    [Fact]
    public async Task StaleCommand_BeforeARestart_IsNotDrivenAgain()
    {
        await using var bench = await OnAsync("outputs: [ { name: fan, driver: relay, pin: 27, staleAfter: 30s } ]");
        await bench.StopAsync();
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        await bench.StartAsync("outputs: [ { name: fan, driver: relay, pin: 27, staleAfter: 30s } ]");
        await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.State == WiredState.Ok);

        Assert.Equal([true, false], Edges(bench, Pin));
    }

    [Fact]
    public async Task MinimumTimes_HoldTheLine_AndTheNewestCommandCounts()
    {
        await using var bench = new DeviceBench();
        await bench.StartAsync("outputs: [ { name: fan, driver: relay, pin: 27, minimumOn: 10s, minimumOff: 20s } ]");
        await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.State == WiredState.Ok);
        var start = bench.Time.GetTimestamp();
        await bench.DesireAsync("fan", """{"state":"on"}""");
        await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.Waiting is not null); // how long it was off before is unknown
        await bench.PassUntilAsync(() => bench.Lines.Level(Pin), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1));
        await bench.DesireAsync("fan", """{"state":"off"}""");
        await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.Waiting is not null);
        await bench.DesireAsync("fan", """{"state":"on"}""");
        await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.Waiting is null);
        await bench.DesireAsync("fan", """{"state":"off"}""");
        await bench.PassUntilAsync(() => !bench.Lines.Level(Pin), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1));

        var edges = bench.Lines.Edges(Pin);
        Assert.Equal([true, false], edges.Select(static edge => edge.High));
        Assert.True(bench.Time.GetElapsedTime(start, edges[0].Timestamp) >= TimeSpan.FromSeconds(20));
        Assert.True(bench.Time.GetElapsedTime(edges[0].Timestamp, edges[1].Timestamp) >= TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Interlock_BothDesired_NeverBothOn_AndTheOtherFollowsAfterThePause()
    {
        await using var bench = new DeviceBench();
        await bench.StartAsync("""
            outputs:
              - { name: open, driver: relay, pin: 27 }
              - { name: close, driver: relay, pin: 22 }
            interlocks:
              - { outputs: [open, close], pause: 2s }
            """);
        await bench.UntilAsync(() => bench.Supervisor.List().All(static device => device.State == WiredState.Ok));
        await bench.DesireAsync("open", """{"state":"on"}""");
        await bench.UntilAsync(() => bench.Lines.Level(Pin));
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        await bench.DesireAsync("close", """{"state":"on"}""");
        await bench.UntilAsync(() => bench.Supervisor.Find("close")!.Waiting is not null);
        Assert.Contains("'open'", bench.Supervisor.Find("close")!.Waiting, StringComparison.Ordinal);
        await bench.DesireAsync("open", """{"state":"off"}""");
        await bench.UntilAsync(() => !bench.Lines.Level(Pin));
        await bench.PassUntilAsync(() => bench.Lines.Level(Other), TimeSpan.FromSeconds(10));

        AssertNeverBoth(bench);
        Assert.True(bench.Time.GetElapsedTime(bench.Lines.Edges(Pin)[^1].Timestamp, bench.Lines.Edges(Other)[^1].Timestamp) >= TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Interlock_BothRestoredAtTheStart_OneWaits()
    {
        await using var bench = new DeviceBench();
        await bench.DesireAsync("open", """{"state":"on"}""");
        await bench.DesireAsync("close", """{"state":"on"}""");
        await bench.StartAsync("""
            outputs:
              - { name: open, driver: relay, pin: 27 }
              - { name: close, driver: relay, pin: 22 }
            interlocks:
              - { outputs: [open, close] }
            """);
        await bench.UntilAsync(() => (bench.Lines.Level(Pin) || bench.Lines.Level(Other)) && bench.Supervisor.List().Any(static device => device.Waiting is not null));

        AssertNeverBoth(bench);
    }

    [Fact]
    public async Task Interlock_SafeStateOfAMemberIsOn_IsAFaultThatNamesIt()
    {
        await using var bench = new DeviceBench();
        var fault = Assert.Throws<ConfigurationException>(() => DeviceBench.Read("""
            outputs:
              - { name: open, driver: relay, pin: 27, safe: on }
              - { name: close, driver: relay, pin: 22 }
            interlocks: [ { outputs: [open, close, stop] } ]
            """));

        Assert.Contains(fault.Faults, static fault => fault.Key == "interlocks.0.outputs" && fault.Message.Contains("'open'", StringComparison.Ordinal));
        Assert.Contains(fault.Faults, static fault => fault.Message.Contains("'stop'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task UnknownState_IsRefusedWithWhatItTakes_AndTheLineStays()
    {
        await using var bench = await OnAsync(Fan);
        await bench.DesireAsync("fan", """{"state":"half"}""");
        await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.State == WiredState.Failed);
        Assert.Contains("it takes state=on or state=off", bench.Supervisor.Find("fan")!.Error, StringComparison.Ordinal);
        await bench.DesireAsync("fan", """{"state":"off"}""");
        await bench.UntilAsync(() => !bench.Lines.Level(Pin));

        Assert.Equal([true, false], Edges(bench, Pin));
    }

    [Fact]
    public async Task ExpanderPins_FollowTheirShadow_AndAreDrivenAgainAfterAReplug()
    {
        await using var bench = new DeviceBench();
        var chip = bench.Header.AddI2c("i2c-1", 0x20, new SimulatedMcp23017(bench.Time));
        await bench.StartAsync("outputs: [ { name: board, driver: mcp23017, address: 0x20, outputs: \"a0,a1\" } ]\ninterlocks: [ { outputs: [board.a0, board.a1] } ]");
        await bench.PassUntilAsync(() => bench.Supervisor.Find("board")!.State == WiredState.Ok, TimeSpan.FromSeconds(10));
        await bench.DesireAsync("board", """{"a0":"on","a1":"on"}""");
        await bench.PassUntilAsync(() => (chip.Levels & 3) != 0, TimeSpan.FromSeconds(10));
        Assert.Equal(1, chip.Levels & 3);
        Assert.Contains("board.a0", bench.Supervisor.Find("board")!.Waiting, StringComparison.Ordinal);
        await bench.DesireAsync("board", """{"a0":"off"}""");
        await bench.PassUntilAsync(() => (chip.Levels & 3) == 2, TimeSpan.FromSeconds(10));
        await bench.PassUntilAsync(() => bench.Reported("board").GetProperty("a1").GetString() == "on", TimeSpan.FromSeconds(10));

        chip.Unplug();
        await bench.PassUntilAsync(() => bench.Supervisor.Find("board")!.State == WiredState.Failed, TimeSpan.FromSeconds(30));
        chip.PlugIn();
        await bench.PassUntilAsync(() => bench.Supervisor.Find("board")!.State == WiredState.Ok, TimeSpan.FromMinutes(3));
        await bench.PassUntilAsync(() => (chip.Levels & 3) == 2, TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task HungDriver_IsGivenUp_TheLineIsSafe_AndStaysSoUntilTheNextCommand()
    {
        await using var bench = new DeviceBench();
        var hangs = false;
        var options = new OutputOptions
        {
            Wired = new("fan", new()
            {
                Name = "test", Chip = "TEST", Description = "A test", Kind = DriverKind.Actuator, Bus = BusKind.Kernel, Options = [], Datasheet = "", States = [StateDescriptor.Switch("on")],
                Factory = context => new HangingRelay(context, Pin, () => hangs),
            }, new Dictionary<string, string>()),
        };
        await bench.StartAsync(new DevicesOptions { Outputs = [options] });
        await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.State == WiredState.Ok);
        await bench.DesireAsync("fan", """{"state":"on"}""");
        await bench.UntilAsync(() => bench.Lines.Level(Pin));
        hangs = true;
        await bench.DesireAsync("fan", """{"state":"off"}""");
        await bench.PassAsync(TimeSpan.FromSeconds(1));
        Assert.True(bench.Lines.Level(Pin)); // the call that should have switched it off hangs
        hangs = false;                       // the next instance does not
        await bench.PassUntilAsync(() => !bench.Lines.Level(Pin), TimeSpan.FromSeconds(30));
        await bench.PassUntilAsync(() => bench.Supervisor.Find("fan") is { State: WiredState.Ok, Restarts: 1 }, TimeSpan.FromSeconds(30));
        await bench.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1));

        Assert.Equal([true, false], Edges(bench, Pin));
        await bench.DesireAsync("fan", """{"state":"on"}""");
        await bench.UntilAsync(() => bench.Lines.Level(Pin));
    }

    [Fact]
    public async Task Display_ShowsTheDesiredLines_AgainAfterAReplug()
    {
        await using var bench = new DeviceBench();
        var panel = bench.Header.AddI2c("i2c-1", 0x27, new SimulatedHd44780(bench.Time));
        await bench.StartAsync("outputs: [ { name: panel, driver: hd44780, address: 0x27 } ]");
        await bench.PassUntilAsync(() => bench.Supervisor.Find("panel")!.State == WiredState.Ok, TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10));
        await bench.DesireAsync("panel", """{"line1":"21.5 °C","backlight":"on"}""");
        await bench.PassUntilAsync(() => panel.Row(0, 16).StartsWith("21.5", StringComparison.Ordinal), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10));
        panel.Unplug();
        await bench.PassUntilAsync(() => bench.Supervisor.Find("panel")!.State == WiredState.Failed, TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(10));
        panel.PlugIn();

        await bench.PassUntilAsync(() => panel.Row(0, 16).StartsWith("21.5", StringComparison.Ordinal), TimeSpan.FromMinutes(3), TimeSpan.FromMilliseconds(10));
    }

    [Fact]
    public async Task Level_IsDrivenByHardwarePulses_AndReportedFromThem()
    {
        await using var bench = new DeviceBench();
        var pulses = bench.Header.AddPwm(0, 0);
        await bench.StartAsync("outputs: [ { name: lamp, driver: pwm, pin: 18, drive: hardware } ]");
        await bench.PassUntilAsync(() => bench.Supervisor.Find("lamp")!.State == WiredState.Ok, TimeSpan.FromSeconds(10));
        await bench.DesireAsync("lamp", """{"level":0.4}""");
        await bench.PassUntilAsync(() => pulses.IsRunning && Math.Abs(pulses.DutyCycle - 0.4) < 0.001, TimeSpan.FromSeconds(10));
        await bench.PassUntilAsync(() => bench.Reported("lamp").GetProperty("level").GetDouble() == 0.4, TimeSpan.FromSeconds(10));
        await bench.StopAsync();
        Assert.False(pulses.IsRunning);
        await bench.StartAsync("outputs: [ { name: lamp, driver: pwm, pin: 18, drive: hardware } ]");
    }

    [Fact]
    public void Hold_OfAPwm_IsAFaultThatSaysWhy()
    {
        var fault = Assert.Throws<ConfigurationException>(() => DeviceBench.Read("outputs: [ { name: lamp, driver: pwm, pin: 18, stop: hold } ]"));
        Assert.Contains("pulses", Assert.Single(fault.Faults).Message, StringComparison.Ordinal);
    }

    private static async Task<DeviceBench> OnAsync(string yaml)
    {
        var bench = new DeviceBench();
        await bench.StartAsync(yaml);
        await bench.UntilAsync(() => bench.Supervisor.Find("fan")!.State == WiredState.Ok);
        await bench.DesireAsync("fan", """{"state":"on"}""");
        await bench.UntilAsync(() => bench.Lines.Level(Pin) && bench.Supervisor.Find("fan")!.Values is [{ Value.Text: "on" }]);
        return bench;
    }

    private static bool[] Edges(DeviceBench bench, int pin) => [.. bench.Lines.Edges(pin).Select(static edge => edge.High)];

    /// <summary>A relay whose commands may hang.</summary>
    private sealed class HangingRelay(DriverContext context, int pin, Func<bool> hangs) : IActuator
    {
        private readonly GpioOutput _line = context.Header.Gpio.OpenOutput(pin, "TEST", high: false);

        public ValueTask SetAsync(ActuatorState state, CancellationToken cancellationToken)
        {
            if (hangs())
                return new(new TaskCompletionSource().Task);
            _line.Write(state.Find("state")!.Value.Text == ActuatorState.On);
            return ValueTask.CompletedTask;
        }

        public ValueTask<ActuatorState> ReadStateAsync(CancellationToken cancellationToken) => new(ActuatorState.Switch(_line.Read()));

        public ValueTask MakeSafeAsync(CancellationToken cancellationToken) => SetAsync(ActuatorState.Switch(false), cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private static void AssertNeverBoth(DeviceBench bench)
    {
        var (pin, other) = (false, false);
        foreach (var (high, _, isPin) in bench.Lines.Edges(Pin).Select(static edge => (edge.High, edge.Timestamp, true)).Concat(bench.Lines.Edges(Other).Select(static edge => (edge.High, edge.Timestamp, false))).OrderBy(static edge => edge.Timestamp))
        {
            (pin, other) = isPin ? (high, other) : (pin, high);
            Assert.False(pin && other);
        }
    }
}
