using Drivers.Tests.Support;
using EdgeGateway.Drivers;

namespace Drivers.Tests.Gpio;

/// <summary>LED, PWM and servo, by hardware and by software.</summary>
public sealed class PulseOutputTests
{
    [Theory]
    [InlineData(12, 2, 0)]
    [InlineData(13, 2, 1)]
    [InlineData(18, 2, 0)]
    [InlineData(19, 2, 1)]
    [InlineData(18, 4, 2)] // Pi 5
    [InlineData(19, 4, 3)]
    public async Task SetAsync_HardwarePin_UsesItsChannel(int pin, int channels, int channel)
    {
        using var bench = new Bench();
        var pwm = bench.Header.AddPwm(0, channel, channels);
        await using var output = bench.Actuator("pwm", ("pin", pin), ("frequency", 1000));
        await bench.SetAsync(output, "level", 0.25);
        Assert.Equal((0.25, 1000, true), (pwm.DutyCycle, pwm.Frequency, pwm.IsRunning));
        Assert.Equal(new ActuatorState([new("level", 0.25), new("drive", "hardware")]), await bench.StateAsync(output));
        await using var other = bench.Sensor("digital-in", ("pin", pin));
        Assert.Equal(DriverFault.Taken, (await bench.FailAsync(other)).Fault);
        await bench.SetAsync(output, "level", 0);
        Assert.False(pwm.IsRunning);
    }

    [Fact]
    public async Task SetAsync_TwoPinsOfOneChannel_TheSecondIsRefusedUntilTheFirstIsGone()
    {
        using var bench = new Bench();
        bench.Header.AddPwm(0, 0);
        await using var second = bench.Actuator("pwm", ("pin", 18));
        await using (var first = bench.Actuator("pwm", ("pin", 12)))
        {
            await bench.SetAsync(first, "level", 0.25);
            var failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(second, "level", 0.5));
            Assert.Equal(DriverFault.Taken, failure.Fault);
            Assert.Contains("GPIO12 and GPIO18 share", failure.Check, StringComparison.Ordinal);
        }

        await bench.SetAsync(second, "level", 0.5);
        Assert.Equal(new ActuatorState([new("level", 0.5), new("drive", "hardware")]), await bench.StateAsync(second));
    }

    [Fact]
    public async Task SetAsync_NoHardware_FallsBackAndSaysSo()
    {
        using var bench = new Bench();
        await using var output = bench.Actuator("led", ("pin", 18));
        await bench.SetAsync(output, "level", 1);
        Assert.True(bench.Header.Lines.Level(18));
        Assert.Equal(new ActuatorState([new("level", 1), new("drive", "software")]), await bench.StateAsync(output));
    }

    [Theory]
    [InlineData(18, "pwm-2chan")]
    [InlineData(5, "GPIO12")]
    public async Task SetAsync_HardwareDemandedAndThereIsNone_SaysHow(int pin, string check)
    {
        using var bench = new Bench();
        await using var output = bench.Actuator("pwm", ("pin", pin), ("drive", "hardware"));
        var failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(output, "level", 0.5));
        Assert.Equal(DriverFault.NoBus, failure.Fault);
        Assert.Contains(check, failure.Check, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("level", 1.01)]
    [InlineData("level", -0.1)]
    [InlineData("level", double.NaN)]
    [InlineData("brightness", 0.5)]
    public async Task SetAsync_AnotherValue_IsRefusedAndOpensNothing(string name, double value)
    {
        using var bench = new Bench();
        await using var output = bench.Actuator("led", ("pin", 18));
        Assert.Equal(DriverFault.Option, (await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(output, name, value))).Fault);
        Assert.False(bench.Header.Lines.IsOpen(18));
    }

    [Fact]
    public void Duty_EveryLevel_RisesAndReturns()
    {
        foreach (var (isPerceived, activeLow) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            var last = activeLow ? 2.0 : -1;
            for (var level = 0.0; level <= 1; level += 1.0 / 128)
            {
                var duty = PwmOutput.Duty(level, isPerceived, activeLow);
                Assert.True(activeLow ? duty < last : duty > last);
                Assert.Equal(level, PwmOutput.Level(duty, isPerceived, activeLow), 0.0011);
                last = duty;
            }
        }

        Assert.Equal(0.2176, PwmOutput.Duty(0.5, isPerceived: true, activeLow: false), 0.0001); // half as bright to the eye
    }

    [Fact]
    public void SoftwarePulses_OnAVirtualClock_HaveTheirDuty()
    {
        using var bench = new Bench();
        var wait = new VirtualWait(periods: 50);
        var line = bench.Header.Gpio.OpenOutput(5, "test", high: false);
        using var output = new SoftwarePulseOutput(line, TimeSpan.FromMilliseconds(2), wait);
        output.Set(0.3);
        Assert.True(wait.Done.Wait(TimeSpan.FromSeconds(30)));
        Assert.All(wait.Highs, high => Assert.Equal(0.6, high.TotalMilliseconds, 0.001));
        output.Set(1);
        Assert.True(bench.Header.Lines.Level(5));
        output.Set(0);
        Assert.False(bench.Header.Lines.Level(5));
    }

    [Fact]
    public async Task Servo_Angles_AreTheDatasheetsPulses()
    {
        using var bench = new Bench();
        var pwm = bench.Header.AddPwm(0, 0);
        await using var servo = bench.Actuator("servo", ("pin", 18), ("minimumAngle", -90), ("maximumAngle", 90));
        foreach (var (angle, milliseconds) in new[] { (-90.0, 1.0), (0, 1.5), (90, 2.0) })
        {
            await bench.SetAsync(servo, "angle", angle);
            Assert.Equal(milliseconds / 20, pwm.DutyCycle, 1e-9);
            Assert.Equal(angle, (await bench.StateAsync(servo)).Find("angle")!.Value.Number, 0.1);
        }

        Assert.Equal(50, pwm.Frequency);
        var failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(servo, "angle", 91));
        Assert.Contains("angle=-90 to angle=90", failure.Check, StringComparison.Ordinal);
        await bench.MakeSafeAsync(servo);
        Assert.False(pwm.IsRunning);
        Assert.Equal("released", (await bench.StateAsync(servo)).Find("angle")!.Value.Text);
    }

    [Fact]
    public async Task Servo_SpeedAndRelease_GoStepByStepAndThenLetGo()
    {
        using var bench = new Bench();
        var pwm = bench.Header.AddPwm(0, 0);
        await using var servo = bench.Actuator("servo", ("pin", 18), ("speed", 90), ("release", "2s"));
        await bench.SetAsync(servo, "angle", 0);
        await bench.SetAsync(servo, "angle", 90);
        Assert.Equal(0.05, pwm.DutyCycle, 1e-3); // it has not moved yet
        bench.Pass(TimeSpan.FromMilliseconds(500));
        Assert.InRange(pwm.DutyCycle, 0.07, 0.08); // half way
        bench.Pass(TimeSpan.FromMilliseconds(600));
        Assert.Equal(0.1, pwm.DutyCycle, 1e-9);
        Assert.True(pwm.IsRunning);
        bench.Pass(TimeSpan.FromSeconds(2.1));
        Assert.False(pwm.IsRunning);
    }

    /// <summary>A clock that goes on by waiting, for so many periods.</summary>
    private sealed class VirtualWait(int periods) : IPulseWait
    {
        private TimeSpan _now;
        private int _waits;

        public List<TimeSpan> Highs { get; } = [];

        public ManualResetEventSlim Done { get; } = new();

        public TimeSpan Now => _now;

        public void Until(TimeSpan time, CancellationToken stopping)
        {
            if (_waits >= 2 * periods)
            {
                Done.Set();
                stopping.WaitHandle.WaitOne();
                return;
            }

            if (_waits++ % 2 == 0)
                Highs.Add(time - _now);
            _now = time;
        }
    }
}
