using EdgeGateway.Drivers;

namespace EdgeGateway.Devices;

/// <summary>
/// Reads one sensor for years: on its interval, each reading under a deadline. Readings go out as telemetry at once, and into the reported
/// shadow when they have changed by more than the dead-band, but not too often. A chip that fails is asked again on the interval: its driver
/// leaves it alone for as long as is good for the bus.
/// </summary>
internal sealed class SensorRunner(SensorOptions options, ISensor sensor, DeviceMessages messages, DeviceStatus status, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(5);
    private readonly Dictionary<string, double> _smoothed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _reported = new(StringComparer.Ordinal);
    private volatile DriverHangsException? _hangs;
    private long? _reportedAt;

    private string Name => options.Wired.Name;

    /// <exception cref="DriverHangsException">A reading has not come back, this loop's or one by hand.</exception>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        await messages.RegisterAsync(options.Wired, stoppingToken);
        using var timer = new PeriodicTimer(options.Interval, time);
        do
        {
            if (!await TryCycleAsync(stoppingToken) && options.Interval < ShortestPause)
                await Task.Delay(ShortestPause, time, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One reading, calibrated, smoothed, with the derived values.</summary>
    /// <exception cref="DriverException">No value can be trusted.</exception>
    /// <exception cref="DriverHangsException">The driver has not come back within its deadline.</exception>
    public async Task<(DateTimeOffset Time, IReadOnlyList<WiredValue> Values)> ReadAsync(CancellationToken cancellationToken)
    {
        if (_hangs is { Call.IsCompleted: false } hangs)
            throw hangs;
        var deadline = options.Interval > ShortestDeadline ? options.Interval : ShortestDeadline;
        try
        {
            return Finish(await DriverCall.RunAsync(sensor.ReadAsync, deadline, time, cancellationToken));
        }
        catch (DriverHangsException ex)
        {
            _hangs = ex;
            throw;
        }
    }

    private async Task<bool> TryCycleAsync(CancellationToken stoppingToken)
    {
        try
        {
            var (at, values) = await ReadAsync(stoppingToken);
            await status.WorksAsync(at, values, stoppingToken);
            await messages.TelemetryAsync(Name, at, values, stoppingToken);
            await ReportAsync(values, stoppingToken);
            return true;
        }
        catch (DriverException ex)
        {
            await status.FailsAsync(ex.Message, stoppingToken);
            return false;
        }
    }

    private (DateTimeOffset, IReadOnlyList<WiredValue>) Finish(Reading reading)
    {
        var calibrated = reading with { Values = [.. reading.Values.Select(Improve)] };
        var values = new List<WiredValue>();
        foreach (var value in calibrated.Values.Concat(Derivation.From(calibrated, options)))
            values.Add(new(value.Name, value.Value, value.Unit, value.Quality));
        return (reading.Time, values);
    }

    private ReadingValue Improve(ReadingValue value)
    {
        var number = options.Calibration.TryGetValue(value.Name, out var calibration) ? calibration.Apply(value.Value) : value.Value;
        if (options.Smoothing < 1 && value.Quality == ReadingQuality.Good)
        {
            lock (_smoothed) // guards the means against a reading by hand beside the loop's
                number = _smoothed[value.Name] = _smoothed.TryGetValue(value.Name, out var mean) ? mean + (options.Smoothing * (number - mean)) : number;
        }
        return value with { Value = number };
    }

    private async Task ReportAsync(IReadOnlyList<WiredValue> values, CancellationToken stoppingToken)
    {
        if (_reportedAt is { } last && time.GetElapsedTime(last) < options.ReportInterval)
            return;
        if (_reportedAt is not null && !values.Any(HasMoved))
            return;
        await messages.ReportAsync(Name, values, stoppingToken);
        _reportedAt = time.GetTimestamp();
        foreach (var value in values)
            _reported[value.Name] = value.Value.Number;
    }

    private bool HasMoved(WiredValue value) =>
        !_reported.TryGetValue(value.Name, out var reported) || Math.Abs(value.Value.Number - reported) > options.DeadBand.GetValueOrDefault(value.Name);
}
