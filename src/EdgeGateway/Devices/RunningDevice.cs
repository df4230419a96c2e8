namespace EdgeGateway.Devices;

/// <summary>A device at work.</summary>
internal sealed class RunningDevice(WiredOptions options)
{
    private readonly CancellationTokenSource _ending = new();
    private Task _work = Task.CompletedTask;
    private volatile SensorRunner? _sensor;

    public WiredOptions Options { get; } = options;

    public DeviceHost Host { get; private set; } = null!;

    /// <summary>Of the present instance; null for an output.</summary>
    public SensorRunner? Sensor
    {
        get => _sensor;
        set => _sensor = value;
    }

    public void Begin(DeviceHost host)
    {
        Host = host;
        _work = Task.Run(() => host.RunAsync(_ending.Token)); // the start of one driver holds up no other
    }

    public async Task EndAsync()
    {
        await _ending.CancelAsync();
        await _work;
        _ending.Dispose();
    }
}
