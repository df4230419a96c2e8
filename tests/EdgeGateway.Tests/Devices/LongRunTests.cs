using EdgeGateway.Devices;
using EdgeGateway.Drivers;
using Xunit;

namespace EdgeGateway.Tests.Devices;

/// <summary>Hours and days of a virtual clock.</summary>
[Collection(VirtualTime.Name)]
public sealed class LongRunTests
{
    [Fact]
    public async Task TwentyFourHours_RandomFaultsOnThirtyDevices_TheHealthyMissNoReading()
    {
        const int healthy = 20, faulty = 10;
        var interval = TimeSpan.FromSeconds(10);
        await using var bench = new DeviceBench();
        var odd = Enumerable.Range(0, faulty).Select(number => new Misfit(number)).ToArray();
        await bench.StartAsync(new DevicesOptions
        {
            Sensors =
            [
                .. Enumerable.Range(0, healthy).Select(number => DeviceBench.Sensor($"good-{number}", static context => new ScriptedSensor(context, static _ => new(20)), interval)),
                .. odd.Select(misfit => DeviceBench.Sensor($"odd-{misfit.Number}", context => new ScriptedSensor(context, misfit.ReadAsync), interval)),
            ],
        });
        var names = Enumerable.Range(0, healthy).Select(static number => $"sensors/good-{number}/telemetry").ToArray();
        await bench.UntilAsync(() => names.All(name => bench.Bus.CountOf(name) == 1));
        var ticks = (int)(TimeSpan.FromHours(24) / interval);
        for (var tick = 1; tick <= ticks; tick++)
        {
            bench.Time.Advance(interval);
            var due = tick + 1;
            await bench.UntilAsync(() => names.All(name => bench.Bus.CountOf(name) == due), $"every healthy device's reading {due}");
        }

        Assert.All(names, name => Assert.Equal(ticks + 1, bench.Bus.CountOf(name)));
        Assert.All(bench.Supervisor.List().Where(static device => device.Name.StartsWith("good", StringComparison.Ordinal)), static device => Assert.Equal((WiredState.Ok, 0L, 0), (device.State, device.Failures, device.Restarts)));
        var misfits = bench.Supervisor.List().Where(static device => device.Name.StartsWith("odd", StringComparison.Ordinal)).ToArray();
        Assert.All(misfits, static device => Assert.True(device.Failures > 0 && device.Restarts > 0 && device.Readings > 0, $"{device.Name}: {device.Failures} failures, {device.Restarts} restarts, {device.Readings} readings"));
        foreach (var misfit in odd)
            misfit.LetGo();
    }

    /// <summary>An hour of fifty sensors at a second; a week with <c>EDGEGATEWAY_SOAK_SECONDS</c> set.</summary>
    [Fact]
    [Trait("Category", "Soak")]
    public async Task FiftySensorsAtASecond_HandlesAndMemoryStayFlat()
    {
        const int contacts = 24, chips = 26, settling = 600;
        var seconds = Environment.GetEnvironmentVariable("EDGEGATEWAY_SOAK_SECONDS") is { Length: > 0 } ? 7 * 24 * 3600 : 3600;
        await using var bench = new DeviceBench();
        bench.Header.AddI2cBus("i2c-1");
        await bench.StartAsync(DeviceBench.Read($"sensors:\n{string.Concat(Enumerable.Range(0, contacts).Select(static pin => $"  - {{ name: contact-{pin}, driver: digital-in, pin: {pin}, interval: 1s, report: 1d }}\n"))}") is var options
            ? options with
            {
                Sensors =
                [
                    .. options.Sensors,
                    .. Enumerable.Range(0, chips).Select(static number => DeviceBench.Sensor($"chip-{number}", context => new ScriptedSensor(context, _ =>
                    {
                        using var chip = context.Header.OpenI2c("i2c-1").Open(0x10 + number, "TEST"); // as after each absence
                        return new(20);
                    }), TimeSpan.FromSeconds(1))),
                ],
            }
            : throw new InvalidOperationException());
        var names = options.Sensors.Select(static sensor => sensor.Wired.Name).Concat(Enumerable.Range(0, chips).Select(static number => $"chip-{number}")).Select(static name => $"sensors/{name}/telemetry").ToArray();
        Assert.Equal(50, names.Length);
        await bench.UntilAsync(() => names.All(name => bench.Bus.CountOf(name) == 1));
        var (memory, handles, files) = (0L, 0, 0);
        for (var second = 1; second <= settling + seconds; second++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            var due = second + 1;
            await bench.UntilAsync(() => names.All(name => bench.Bus.CountOf(name) == due), $"every sensor's reading {due}");
            if (second == settling)
                (memory, handles, files) = (GC.GetTotalMemory(forceFullCollection: true), bench.Supervisor.Handles, Directory.GetFiles("/proc/self/fd").Length);
        }

        var growth = GC.GetTotalMemory(forceFullCollection: true) - memory;
        TestContext.Current.SendDiagnosticMessage($"{seconds / 3600} simulated hours, {50L * seconds} readings: heap {growth / 1024} KB more, handles {handles} → {bench.Supervisor.Handles}");
        Assert.InRange(growth, long.MinValue, 512 * 1024);
        Assert.Equal(handles, bench.Supervisor.Handles);
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, files + 8); // the runtime opens a few of its own

    }

    /// <summary>Reads, fails, throws, hangs for a while, by chance.</summary>
    private sealed class Misfit(int number)
    {
        private readonly Random _random = new(number);
        private readonly Lock _lock = new();
        private TaskCompletionSource<double>? _hang;
        private int _readings;

        public int Number => number;

        public ValueTask<double> ReadAsync(CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                _readings++;
                if (_readings % 7 == 0)
                    LetGo(); // what hung comes back, long after it was given up
                switch (_random.Next(40))
                {
                    case 0:
                        throw new InvalidOperationException("a defect");
                    case 1:
                        _hang ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
                        return new(_hang.Task);
                    case 2 or 3:
                        throw new SensorReadException(DriverFault.Absent, new("TEST", "nowhere", ""), "no acknowledge", "the wires");
                    default:
                        return new(20);
                }
            }
        }

        public void LetGo()
        {
            lock (_lock)
            {
                _hang?.TrySetResult(20);
                _hang = null;
            }
        }
    }
}
