using EdgeGateway.Drivers;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Devices;

/// <summary>
/// Runs every wired device apart, those of the configuration and those that were adopted: one that hangs, throws or has gone affects itself
/// alone. Of two that want the same place on the header the first has it, and the other says so.
/// </summary>
internal sealed partial class DeviceSupervisor : IHostedService, IWiredDevices, IComponentHealth
{
    private const string BootFile = "/proc/sys/kernel/random/boot_id", ModelFile = "/proc/device-tree/model";
    private readonly DevicesOptions _options;
    private readonly GatewayThing _gateway;
    private readonly IHeader _header;
    private readonly IMessageBus _bus;
    private readonly IShadows _shadows;
    private readonly DeviceMessages _messages;
    private readonly DeviceStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<DeviceSupervisor> _log;
    private readonly DeviceBoard _board;
    private readonly Interlocks _interlocks;
    private readonly Lock _lock = new(); // guards the devices that run and the end
    private readonly Dictionary<string, RunningDevice> _running = new(StringComparer.Ordinal);
    private LastRun _lastRun;
    private bool _isEnding, _hasBegun;

    public DeviceSupervisor(
        DevicesOptions options, GatewayThing gateway, IHeader header, IMessageBus bus, IShadows shadows, DeviceMessages messages, DeviceStore store, DeviceBoard board, TimeProvider time,
        ILogger<DeviceSupervisor> log)
    {
        (_options, _gateway, _header, _bus, _shadows, _messages, _store, _board, _time, _log) = (options, gateway, header, bus, shadows, messages, store, board, time, log);
        _interlocks = new(options.Interlocks, time);
    }

    public event Action<WiredDevice>? Changed
    {
        add => _board.Changed += value;
        remove => _board.Changed -= value;
    }

    public string Name => "devices";

    public ComponentState State => _options.IsSafeMode || Failing().Any() ? ComponentState.Degraded : ComponentState.Healthy;

    public string? Message => _options.IsSafeMode
        ? "started with --safe: no driver and no rule runs; start without it when the cause is mended"
        : string.Join("; ", Failing().Select(static device => $"{device.Name}: {device.Error}")) is { Length: > 0 } all ? all : null;

    public IReadOnlyList<WiredDevice> List() => _board.List();

    public WiredDevice? Find(string name) => _board.Find(name);

    public async Task<IReadOnlyList<WiredValue>> ReadAsync(string name, CancellationToken cancellationToken)
    {
        SensorRunner? sensor;
        lock (_lock)
            sensor = _running.GetValueOrDefault(name)?.Sensor;
        if (sensor is null)
            throw new KeyNotFoundException($"no sensor is called '{name}'");
        try
        {
            return (await sensor.ReadAsync(cancellationToken)).Values;
        }
        catch (DriverHangsException ex)
        {
            throw new SensorReadException(DriverFault.BusStuck, new(name, "the header", ""), "the driver has not come back from a reading", "the bus: a chip that holds a line low blocks all others on it", ex);
        }
    }

    /// <summary>The device that has a place on the header, or null.</summary>
    public WiredOptions? OwnerOf(string place)
    {
        lock (_lock)
            return _running.Values.Select(static device => device.Options).FirstOrDefault(options => options.Places.Contains(place));
    }

    /// <summary>A 1-Wire device that takes the only one there is, whatever its ROM.</summary>
    public WiredOptions? UnnamedThermometer
    {
        get
        {
            lock (_lock)
                return _running.Values.Select(static device => device.Options).FirstOrDefault(static options => options.Driver.Bus == BusKind.OneWire && options.Places.Count == 0);
        }
    }

    /// <summary>Handles all drivers have open.</summary>
    public int Handles
    {
        get
        {
            lock (_lock)
                return _running.Values.Sum(static device => device.Host.Handles);
        }
    }

    /// <summary>Starts a device while the gateway runs.</summary>
    public void Start(SensorOptions options, bool isAdopted) => Start(
        options.Wired, WiredDevice.KindOf(options.Wired.Driver), isAdopted, (status, running) => (device, isFirst) => Work(options, device, isFirst, status, running));

    /// <param name="isNew">Adopted just now: what its shadow may desire from an earlier life is no command.</param>
    public void Start(OutputOptions options, bool isAdopted, bool isNew = false) => Start(options.Wired, "output", isAdopted, (status, _) => (device, isFirst) =>
    {
        var restores = !(isFirst && isNew) && (isFirst && _lastRun != LastRun.Crashed ? options.RestoresOnStart : options.RestoresAfterCrash);
        return [new OutputRunner(options, (IActuator)device, restores, _interlocks, _bus, _shadows, _messages, status, _time, _log).RunAsync];
    });

    /// <summary>Ends a device; an output is left as on a stop.</summary>
    public async Task EndAsync(string name)
    {
        RunningDevice? running;
        lock (_lock)
            if (!_running.Remove(name, out running))
                return;
        _board.Remove(name);
        await running.EndAsync();
    }

    /// <summary>Every device is on the board and started when this returns; none is waited for.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var adopted = Adopted();
        if (_options.IsSafeMode)
        {
            ShowOff(adopted);
            return;
        }
        _lastRun = await _store.BeginAsync(await BootAsync(cancellationToken));
        foreach (var sensor in _options.Sensors)
            Start(sensor, isAdopted: false);
        foreach (var output in _options.Outputs)
            Start(output, isAdopted: false);
        foreach (var device in adopted)
            Start(device);
        if (await HealthAsync(cancellationToken) is { } health)
            Start(health, isAdopted: false);
        _hasBegun = true;
    }

    /// <summary>Every output is left as its <c>stop</c> says, also where the start was a moment ago; waits for it as long as the host does.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (!_hasBegun)
            return;
        try
        {
            await EndAllAsync().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host waits no longer; a driver hangs.
        }
    }

    private async Task EndAllAsync()
    {
        RunningDevice[] all;
        lock (_lock)
            (_isEnding, all) = (true, [.. _running.Values]);
        await Task.WhenAll(all.Select(static device => device.EndAsync()));
        await _store.EndAsync();
    }

    private void Start(DeviceDefinition definition)
    {
        if (definition.Sensor is { } sensor)
            Start(sensor, isAdopted: true);
        else if (definition.Output is { } output)
            Start(output, isAdopted: true);
    }

    private void Start(WiredOptions options, string kind, bool isAdopted, Func<DeviceStatus, RunningDevice, Func<IDevice, bool, IReadOnlyList<Func<CancellationToken, Task>>>> prepare)
    {
        if (!_board.Add(WiredDevice.Starting(options, kind) with { IsAdopted = isAdopted }))
        {
            LogNameTaken(options.Name);
            return;
        }
        var status = new DeviceStatus(options.Name, _board, _messages, _time, _log);
        if (options.Places.Select(place => (Place: place, Owner: OwnerOf(place))).FirstOrDefault(static entry => entry.Owner is not null) is { Owner: { } owner, Place: var taken })
        {
            _board.Change(options.Name, device => device.Fails(Taken(taken, owner)));
            LogTaken(options.Name, Taken(taken, owner));
            return;
        }
        lock (_lock)
        {
            if (_isEnding)
                return;
            var running = new RunningDevice(options);
            var work = prepare(status, running);
            running.Begin(new DeviceHost(options, _header, work, status, _time, _log));
            _running[options.Name] = running;
        }
    }

    /// <summary>What is in the way, and how to mend it.</summary>
    internal static string Taken(string place, WiredOptions owner) =>
        $"{place} is in use by '{owner.Name}' ({owner.Driver.Name}): give one of them another {(place.StartsWith("GPIO", StringComparison.Ordinal) ? "pin" : place.Contains("0x", StringComparison.Ordinal) ? "address or bus, or put it behind a TCA9548A" : "place")}";

    private IReadOnlyList<Func<CancellationToken, Task>> Work(SensorOptions options, IDevice device, bool isFirst, DeviceStatus status, RunningDevice running)
    {
        var work = new List<Func<CancellationToken, Task>>();
        if (device is IPulseCounter counter)
        {
            var keeper = new PulseKeeper(options.Wired.Name, counter, _store, _time, _log);
            keeper.Restore(isUncertain: !isFirst || _lastRun is LastRun.Crashed or LastRun.PowerCut);
            work.Add(keeper.RunAsync);
        }
        if (device is ISensor sensor)
        {
            running.Sensor = new SensorRunner(options, sensor, _messages, status, _time);
            work.Add(running.Sensor.RunAsync);
        }
        if (device is IEventInput input)
            work.Add(new InputRunner(options.Wired.Name, input, _messages, status, _time).RunAsync);
        return work;
    }

    private List<DeviceDefinition> Adopted()
    {
        var definitions = new List<DeviceDefinition>();
        foreach (var (name, json) in _store.Adopted())
        {
            var definition = DeviceDefinition.Parse(json, out var faults);
            if (faults.Count == 0)
                definitions.Add(definition);
            else
                LogAdoptedUnreadable(name, string.Join("; ", faults)); // of a later version, or its driver has another option now
        }
        return definitions;
    }

    private void ShowOff(IEnumerable<DeviceDefinition> adopted)
    {
        foreach (var sensor in _options.Sensors.Concat(adopted.Select(static device => device.Sensor).OfType<SensorOptions>()))
            _board.Add(WiredDevice.Starting(sensor.Wired, WiredDevice.KindOf(sensor.Wired.Driver)) with { State = WiredState.Off });
        foreach (var output in _options.Outputs.Concat(adopted.Select(static device => device.Output).OfType<OutputOptions>()))
            _board.Add(WiredDevice.Starting(output.Wired, "output") with { State = WiredState.Off });
    }

    // The gateway as a thing of its own.
    private async Task<SensorOptions?> HealthAsync(CancellationToken cancellationToken)
    {
        var isWanted = _options.Health.Enabled ?? (_header.Files.Exists(ModelFile) && (await _header.Files.ReadAsync(ModelFile, cancellationToken)).Contains("Raspberry Pi", StringComparison.Ordinal));
        if (!isWanted)
            return null;
        var options = new Dictionary<string, string> { ["disk"] = _gateway.DataFolder };
        return SensorOptions.Of(new WiredOptions(_gateway.Name, DriverCatalog.Find("raspberry-pi")!, options), _options.Health.Interval);
    }

    private async Task<string> BootAsync(CancellationToken cancellationToken) =>
        _header.Files.Exists(BootFile) ? (await _header.Files.ReadAsync(BootFile, cancellationToken)).Trim() : "";

    private IEnumerable<WiredDevice> Failing() => _board.List().Where(static device => device.State == WiredState.Failed);

    [LoggerMessage(6000, LogLevel.Warning, "{Device} is not started: another device or the gateway itself has the name")]
    private partial void LogNameTaken(string device);

    [LoggerMessage(6007, LogLevel.Warning, "{Device} is not started: {Why}")]
    private partial void LogTaken(string device, string why);

    [LoggerMessage(6008, LogLevel.Error, "{Device}, which was adopted, is not started: {Faults}")]
    private partial void LogAdoptedUnreadable(string device, string faults);
}
