using Drivers.Tests.Support;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;

namespace Drivers.Tests.I2c;

public sealed class Pca9685Tests
{
    [Theory]
    [InlineData(25e6, 200, 0x1E)] // §7.3.5
    [InlineData(25e6, 50, 121)]
    [InlineData(25e6, 1526, 3)]
    [InlineData(25e6, 24, 253)]
    [InlineData(26.5e6, 50, 128)]
    public void Prescale_Frequency_GivesTheDivider(double oscillator, double frequency, byte expected) => Assert.Equal(expected, Pca9685.Prescale(oscillator, frequency));

    [Theory]
    [InlineData(1.0, 205)]
    [InlineData(1.5, 307)]
    [InlineData(2.0, 410)]
    public void Steps_ServoPulse_GivesTheCounts(double milliseconds, int steps) =>
        Assert.Equal(steps, Pca9685.Steps(TimeSpan.FromMilliseconds(milliseconds), Pca9685.Frequency(25e6, 121)));

    [Fact]
    public async Task SetAsync_Levels_AreDrivenAndReadBack()
    {
        var (bench, chip, device) = Wire();
        using (bench)
        {
            foreach (var (level, steps) in new[] { (0.0, 0), (0.25, 1024), (0.5, 2048), (1, 4096) })
            {
                await bench.SetAsync(device, "ch3", level);
                Assert.Equal(steps, chip.Steps(3));
                Assert.Equal(level, (await bench.StateAsync(device)).Find("ch3")!.Value.Number, 0.001);
            }

            Assert.True(chip.IsRunning);
            Assert.Equal(0x1E, chip.Prescale);
            await bench.MakeSafeAsync(device);
            Assert.Equal(0, chip.Steps(3));
            await device.DisposeAsync();
        }
    }

    [Fact]
    public async Task Configure_AllCallAddress_IsGivenFree()
    {
        var (bench, chip, device) = Wire();
        using (bench)
        {
            var probe = bench.Header.OpenI2c("i2c-1").OpenProbe(0x70);
            var bytes = new byte[1];
            await bench.Time.RunAsync(probe.ReadAsync(bytes, CancellationToken.None)); // after power-on it answers there too
            await bench.MakeSafeAsync(device);
            Assert.False(chip.AnswersAllCall);
            await Assert.ThrowsAsync<DriverException>(() => bench.Time.RunAsync(probe.ReadAsync(bytes, CancellationToken.None)));
            await device.DisposeAsync();
        }
    }

    [Fact]
    public async Task SetAsync_Servo_GivesItsPulsesAndNoneWhenSafe()
    {
        var (bench, chip, device) = Wire(("servos", "0"), ("frequency", 50));
        using (bench)
        {
            await bench.MakeSafeAsync(device);
            Assert.Equal(0, chip.Steps(0));
            foreach (var (level, steps) in new[] { (0.0, 205), (0.5, 307), (1, 410) })
            {
                await bench.SetAsync(device, "ch0", level);
                Assert.Equal(steps, chip.Steps(0));
                Assert.Equal(level, (await bench.StateAsync(device)).Find("ch0")!.Value.Number, 0.01);
            }

            await bench.MakeSafeAsync(device);
            Assert.Equal(0, chip.Steps(0));
            await device.DisposeAsync();
        }
    }

    [Fact]
    public async Task Configure_EnablePin_IsHighUntilAllIsSet()
    {
        var (bench, chip, device) = Wire(("enablePin", 25));
        using (bench)
        {
            var stepsWhenEnabled = -1;
            bench.Header.Lines.OutputChanged += (pin, high) => stepsWhenEnabled = pin == 25 && !high ? chip.Steps(1) : stepsWhenEnabled;
            await bench.SetAsync(device, "ch1", 0.5);
            Assert.Equal([true, false], bench.Header.Lines.Recording(25).Select(change => change.High));
            Assert.Equal(2048, stepsWhenEnabled);
            await device.DisposeAsync();
        }
    }

    [Fact]
    public async Task ReadStateAsync_Restarted_IsAFailureAndThenSetAnew()
    {
        var (bench, chip, device) = Wire();
        using (bench)
        {
            await bench.SetAsync(device, "ch5", 0.75);
            chip.PowerCycle();
            var failure = await Assert.ThrowsAsync<ActuatorException>(() => bench.StateAsync(device));
            Assert.Equal(DriverFault.Garbage, failure.Fault);
            Assert.Contains("MODE1 is 0x11", failure.Came, StringComparison.Ordinal);
            Assert.Equal(0.75, (await bench.StateAsync(device)).Find("ch5")!.Value.Number);
            chip.Unplug();
            Assert.Equal(DriverFault.Absent, (await Assert.ThrowsAsync<ActuatorException>(() => bench.StateAsync(device))).Fault);
            chip.PlugIn();
            Assert.Equal(0.75, (await bench.StateAsync(device)).Find("ch5")!.Value.Number);
            await device.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("ch16", 0.5)]
    [InlineData("ch0", 1.5)]
    [InlineData("level", 0.5)]
    public async Task SetAsync_AnotherValue_IsRefused(string name, double value)
    {
        var (bench, _, device) = Wire();
        using (bench)
        {
            Assert.Equal(DriverFault.Option, (await Assert.ThrowsAsync<ActuatorException>(() => bench.SetAsync(device, name, value))).Fault);
            await device.DisposeAsync();
        }
    }

    private static (Bench Bench, SimulatedPca9685 Chip, IActuator Device) Wire(params (string, object)[] options)
    {
        var bench = new Bench();
        var chip = bench.Header.AddI2c("i2c-1", 0x40, new SimulatedPca9685(bench.Time));
        return (bench, chip, bench.Actuator("pca9685", options));
    }
}
