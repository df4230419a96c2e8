using System.Diagnostics;

namespace EdgeGateway.Drivers;

/// <summary>HC-SR04: distance by the time an echo takes, both edges stamped by the kernel. Facts: HC-SR04 user guide v1.1.</summary>
internal sealed class HcSr04 : PolledSensor
{
    private const double Nearest = 0.02, Farthest = 4;

    private static readonly TimeSpan Cycle = TimeSpan.FromMilliseconds(60), NothingThere = TimeSpan.FromMilliseconds(38);

    private readonly int _triggerPin, _echoPin, _pings;
    private readonly double _metresPerSecond;
    private readonly Lock _lock = new(); // guards the echo against edges
    private GpioOutput? _trigger;
    private GpioInput? _echo;
    private Echo _current;
    private TaskCompletionSource? _done;

    public HcSr04(DriverContext context)
        : base(context)
    {
        _triggerPin = context.Options.Integer("trigger");
        _echoPin = context.Options.Integer("echo");
        _pings = context.Options.Integer("pings");
        _metresPerSecond = SpeedOfSound(context.Options.Number("temperature"));
        Device = new DeviceName(context.Driver.Chip, "gpio", $"GPIO{_triggerPin}/GPIO{_echoPin}");
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "hc-sr04",
        Chip = "HC-SR04",
        Description = "Distance by ultrasound, 2 cm to 4 m",
        Kind = DriverKind.Sensor,
        Bus = BusKind.Gpio,
        Readings = [new("distance", Unit.Metre, 0.02, 4, "Distance of the nearest thing; saturated at 4 m where nothing is")],
        Options =
        [
            WiringOptions.Pin("GPIO number of TRIG", "trigger"),
            WiringOptions.Pin("GPIO number of ECHO, behind a divider", "echo"),
            DriverOption.Number("temperature", 20, -40, 60, "°C of the air: sound is 0.18 % faster for each degree"),
            DriverOption.IntegerOf("pings", 5, [1, 3, 5, 7, 9], "measurements for one reading, of which the middle one counts"),
        ],
        Datasheet = "HC-SR04 user guide v1.1",
        Wiring = "VCC 5 V, TRIG to a pin, ECHO through a divider (1 kΩ to the pin, 2 kΩ from the pin to ground): it carries 5 V.",
        Accuracy = "±3 mm on a flat wall; cones of 15°.",
        Notes =
        [
            "ECHO straight to a pin destroys it: it is 5 V.",
            "Soft or slanted things give no echo and read as 4 m, saturated.",
            "Two of them in one room hear each other: read them one after the other.",
        ],
        Factory = context => new HcSr04(context),
    };

    protected override DeviceName Device { get; }

    /// <summary>In dry air.</summary>
    internal static double SpeedOfSound(double celsius) => 331.3 + (0.606 * celsius);

    protected override ValueTask InitializeAsync(CancellationToken cancellationToken)
    {
        _trigger ??= Context.Header.Gpio.OpenOutput(_triggerPin, Context.Driver.Chip, high: false);
        _echo ??= Context.Header.Gpio.OpenInput(_echoPin, Context.Driver.Chip, GpioPull.None, TimeSpan.Zero, OnEdge);
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken)
    {
        var distances = new double[_pings];
        var lost = 0;
        for (var i = 0; i < _pings; i++)
        {
            if (await PingAsync(cancellationToken).ConfigureAwait(false) is { } distance)
                distances[i] = distance;
            else if (++lost <= _pings)
                i--; // the kernel lost an edge of this one: ping again
            else
                throw Fault(DriverFault.Garbage, "edges of the echo were lost again and again", "the machine's load, and that no other signal is on the line");
        }

        Array.Sort(distances);
        var middle = distances[_pings / 2];
        return middle >= Farthest
            ? Now(Value(0, Farthest, ReadingQuality.Saturated))
            : Now(Value(0, middle, middle < Nearest ? ReadingQuality.Saturated : ReadingQuality.Good));
    }

    protected override void Close()
    {
        _trigger?.Dispose();
        _echo?.Dispose();
        (_trigger, _echo) = (null, null);
    }

    private async ValueTask<double?> PingAsync(CancellationToken cancellationToken)
    {
        if (_echo!.Read())
            throw Fault(DriverFault.BusStuck, "ECHO is high before the ping", "its divider, and that no other device drives the pin");
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            (_current, _done) = (default, done);
        var started = Time.GetTimestamp();
        Trigger();
        try
        {
            await done.Task.WaitAsync(Cycle, Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            lock (_lock)
                if (!_current.HasRisen)
                    throw Fault(DriverFault.Absent, "no echo pulse, not even an empty one", "its 5 V, TRIG, ECHO and the divider");
        }

        var left = Cycle - Time.GetElapsedTime(started);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, Time, cancellationToken).ConfigureAwait(false); // echoes of this ping must have died away
        lock (_lock)
        {
            _done = null;
            return _current.IsSpoilt ? null : Distance(_current);
        }
    }

    private double Distance(Echo echo)
    {
        if (!echo.HasFallen)
            return double.PositiveInfinity; // still high after 60 ms
        var time = Time.GetElapsedTime(echo.Rise, echo.Fall);
        return time >= NothingThere ? double.PositiveInfinity : time.TotalSeconds * _metresPerSecond / 2;
    }

    // At least 10 µs high: two calls into the kernel may be faster than that.
    private void Trigger()
    {
        _trigger!.Write(high: true);
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMicroseconds(12))
            Thread.SpinWait(10);
        _trigger.Write(high: false);
    }

    private void OnEdge(GpioEdge edge)
    {
        lock (_lock)
        {
            if (_done is not { } done)
                return;
            _current.IsSpoilt |= edge.Lost > 0 || _current.HasFallen || edge.Rising == _current.HasRisen;
            if (edge.Rising)
            {
                (_current.HasRisen, _current.Rise) = (true, edge.Timestamp);
                return;
            }

            (_current.HasFallen, _current.Fall) = (true, edge.Timestamp);
            done.TrySetResult();
        }
    }

    private struct Echo
    {
        public bool HasRisen, HasFallen, IsSpoilt;
        public long Rise, Fall;
    }
}
