using System.Text;
using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Devices;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;
using EdgeGateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Devices;

/// <summary>
/// The wired devices on a simulated header, a database file of their own and a virtual clock, at 2026-01-01. A gateway is started, stopped or
/// killed; header, shadows and file outlive it.
/// </summary>
internal sealed class DeviceBench : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("devices-");
    private readonly SemaphoreSlim _happened = new(0);
    private DevicesOptions _options = new();

    public DeviceBench()
    {
        Lines = new(Time);
        Lines.OutputChanged += (_, _) => Signal();
        Shadows = new(Time);
        Header = new(Time, Lines);
        Database = Database.Open(Path.Combine(_folder.FullName, "test.db"), [DeviceStore.Migrations]);
        Store = new(Database);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public SimulatedGpioDriver Lines { get; }

    public SimulatedHeader Header { get; private set; }

    public MemoryShadows Shadows { get; }

    public MemoryThings Things { get; } = new();

    public Database Database { get; }

    public DeviceStore Store { get; }

    public DeviceBus Bus { get; private set; } = null!;

    public DeviceSupervisor Supervisor { get; private set; } = null!;

    public DeviceDiscovery Discovery { get; private set; } = null!;

    public Adoption Adoption { get; private set; } = null!;

    public static DevicesOptions Read(string yaml)
    {
        var tree = ConfigurationTree.Parse(yaml);
        var options = DevicesOptions.Read(tree.Root);
        tree.ThrowIfFaulty();
        return options with { Health = tree.Root.Section("health").Exists ? options.Health : new(false, TimeSpan.FromMinutes(1)) };
    }

    /// <summary>A device of a driver of the test's own.</summary>
    public static SensorOptions Sensor(string name, Func<DriverContext, IDevice> make, TimeSpan interval, DriverKind kind = DriverKind.Sensor) => SensorOptions.Of(
        new(name, new() { Name = "test", Chip = "TEST", Description = "A test", Kind = kind, Bus = BusKind.Kernel, Options = [], Datasheet = "", Factory = make }, new Dictionary<string, string>()), interval);

    public Task StartAsync(string yaml, bool isSafeMode = false) => StartAsync(Read(yaml) with { IsSafeMode = isSafeMode });

    public async Task StartAsync(DevicesOptions options)
    {
        _options = options;
        Bus = new();
        Bus.Happened += Signal;
        Shadows.Bus = Bus;
        var messages = new DeviceMessages(Bus, Shadows, Things, Things, Things, Time, NullLogger<DeviceMessages>.Instance);
        var gateway = new GatewayThing("gateway", _folder.FullName);
        Supervisor = new(options, gateway, Header, Bus, Shadows, messages, Store, new(), Time, NullLogger<DeviceSupervisor>.Instance);
        Supervisor.Changed += (WiredDevice _) => Signal();
        Discovery = new(options, Supervisor, messages, Header, Time, NullLogger<DeviceDiscovery>.Instance);
        Adoption = new(options, gateway, Discovery, Supervisor, Store, messages, Header, Time);
        await Supervisor.StartAsync(default);
        await Discovery.StartAsync(default);
    }

    /// <summary>Virtual time passes only where somebody waits for it, such as for the end of a call that hangs.</summary>
    public async Task StopAsync()
    {
        var stopping = StopAllAsync();
        await Quiet.WaitAsync(Database);
        while (!stopping.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(10));
            await Quiet.WaitAsync(Database);
        }
        await stopping;
    }

    private async Task StopAllAsync()
    {
        await Discovery.StopAsync(default);
        await Supervisor.StopAsync(default);
        Discovery.Dispose();
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        Header = new(Time, Lines);
        await StartAsync(_options);
    }

    /// <summary>As <c>kill -9</c>: from one moment on nothing it does reaches a line or the disk, and the kernel closes what it had open.</summary>
    public async Task KillAsync()
    {
        Lines.IsFrozen = true;
        var counts = _options.Sensors.Select(sensor => (sensor.Wired.Name, Store.Pulses(sensor.Wired.Name))).ToArray();
        await StopAsync();
        foreach (var (name, count) in counts)
            await Store.TryWritePulsesAsync(name, count);
        await Store.BeginAsync("");
        Lines.CloseAll();
        Lines.IsFrozen = false;
        Header = new(Time, Lines);
    }

    public Task RebornAsync() => StartAsync(_options);

    public async Task DesireAsync(string device, string desired) =>
        Assert.IsType<ShadowAnswer.Accepted>(await Shadows.UpdateAsync(ShadowId.Classic(device), ShadowRequests.Update(desired: Encoding.UTF8.GetBytes(desired)), MessageOrigin.Api, default));

    public JsonElement Reported(string device) => Parse(Shadows.Find(ShadowId.Classic(device))!.State).GetProperty("reported");

    public async Task<AdoptionResult> AdoptAsync(string json) => await RunAsync(Adoption.AdoptAsync(Parse(Encoding.UTF8.GetBytes(json)), default));

    /// <summary>Waits until it is true; looks whenever something was published, driven or changed. The clock stands still.</summary>
    public async Task UntilAsync(Func<bool> isTrue, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(isTrue))] string what = "")
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!isTrue())
        {
            try
            {
                await _happened.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"never: {what}; {string.Join("; ", Supervisor.List().Select(static device => $"{device.Name} {device.State} {device.Error} {device.Waiting}"))}");
            }
        }
    }

    /// <summary>Lets virtual time pass in steps until it is true.</summary>
    public async Task PassUntilAsync(Func<bool> isTrue, TimeSpan atMost, TimeSpan? step = null, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(isTrue))] string what = "")
    {
        for (var passed = TimeSpan.Zero; !isTrue(); passed += step ?? TimeSpan.FromMilliseconds(100))
        {
            if (passed > atMost)
                Assert.Fail($"not within {atMost}: {what}; {string.Join("; ", Supervisor.List().Select(static device => $"{device.Name} {device.State} {device.Error} {device.Waiting}"))}");
            Time.Advance(step ?? TimeSpan.FromMilliseconds(100));
            await BreatheAsync();
        }
    }

    public async Task PassAsync(TimeSpan time, TimeSpan? step = null)
    {
        var by = step ?? TimeSpan.FromMilliseconds(100);
        for (var passed = TimeSpan.Zero; passed < time; passed += by)
        {
            Time.Advance(by);
            await BreatheAsync();
        }
    }

    /// <summary>Lets virtual time pass until the work is done.</summary>
    public async Task<T> RunAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(5));
            await BreatheAsync();
        }
        return await work;
    }

    public async ValueTask DisposeAsync()
    {
        if (Supervisor is not null)
            await StopAsync();
        Database.Dispose();
        _folder.Delete(recursive: true);
    }

    private Task BreatheAsync() => Quiet.WaitAsync(Database);

    private void Signal() => _happened.Release();

    private static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
