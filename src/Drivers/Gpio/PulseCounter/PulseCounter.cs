using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>Counts pulses by the kernel's time stamps; the rate comes from the time between them, not from the polling interval.</summary>
internal sealed class PulseCounter : GpioLineInput, IPulseCounter
{
    private readonly Lock _lock = new(); // guards the count and the stamps
    private readonly PulseScale _scale;
    private readonly TimeSpan _idle;
    private long _count;
    private bool _isUncertain;
    private long? _last;
    private long? _windowStart;
    private long _windowPulses;
    private double _hertz;

    public PulseCounter(DriverContext context, PulseScale scale)
        : base(context)
    {
        _scale = scale;
        _idle = context.Options.Duration("idle");
    }

    public long Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    public void Restore(long count, bool isUncertain)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        lock (_lock)
        {
            _count = checked(_count + count);
            _isUncertain |= isUncertain;
        }
    }

    protected override void OnChange(bool isActive, GpioEdge edge)
    {
        if (!isActive)
            return;
        lock (_lock)
        {
            _count++;
            if (_last is null || Time.GetElapsedTime(_last.Value, edge.Timestamp) > _idle)
                (_windowStart, _windowPulses) = (edge.Timestamp, 0); // the first after a pause begins an interval, it does not end one
            else
                _windowPulses++;
            _last = edge.Timestamp;
        }
    }

    protected override void OnLost(long count)
    {
        lock (_lock)
            _isUncertain = true;
    }

    protected override Reading Measure(bool isActive)
    {
        lock (_lock)
        {
            var hertz = Rate();
            var readings = Context.Driver.Readings;
            ImmutableArray<ReadingValue> values =
            [
                new(readings[0].Name, _count * _scale.PerPulse, readings[0].Unit),
                new(readings[1].Name, hertz * _scale.PerHertz, readings[1].Unit),
                new(readings[2].Name, _count, readings[2].Unit),
                new(readings[3].Name, _isUncertain ? 1 : 0, readings[3].Unit),
            ];
            return new(values, Time.GetUtcNow(), Time.GetTimestamp());
        }
    }

    private double Rate()
    {
        if (_last is not { } last || Time.GetElapsedTime(last) > _idle)
            return _hertz = 0;
        if (_windowPulses > 0)
        {
            _hertz = _windowPulses / Time.GetElapsedTime(_windowStart!.Value, last).TotalSeconds;
            (_windowStart, _windowPulses) = (last, 0);
        }

        // No pulse yet for longer than the rate would have it: it has become slower.
        var since = Time.GetElapsedTime(last).TotalSeconds;
        return since > 0 ? Math.Min(_hertz, 1 / since) : _hertz;
    }
}
