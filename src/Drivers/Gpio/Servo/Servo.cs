namespace EdgeGateway.Drivers;

/// <summary>A hobby servo: 50 pulses a second whose width is the angle. It may be slowed down, and let go when it has arrived.</summary>
internal sealed class Servo : PulseActuator
{
    private const int Hertz = 50;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly double _lowest, _highest, _speed;
    private readonly TimeSpan _shortest, _longest, _release;
    private readonly string _safe;
    private readonly ITimer _timer;
    private double? _now, _target;
    private long _arrivedAt;

    public Servo(DriverContext context, IPulseWait wait)
        : base(context, wait)
    {
        var options = context.Options;
        (_lowest, _highest) = (options.Number("minimumAngle"), options.Number("maximumAngle"));
        (_shortest, _longest) = (options.Duration("minimumPulse"), options.Duration("maximumPulse"));
        _speed = options.Number("speed");
        _release = options.Duration("release");
        _safe = options.Text("safe");
        _timer = context.Time.CreateTimer(static state => ((Servo)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "servo",
        Chip = "servo",
        Description = "A hobby servo",
        Kind = DriverKind.Actuator,
        Bus = BusKind.Pwm,
        States =
        [
            StateDescriptor.Number("angle", -180, 180, Unit.Degree, "Where it is told to go, within the options' angles"),
            StateDescriptor.Words("drive", "Reported only: hardware or software"),
        ],
        Options =
        [
            WiringOptions.Pin("GPIO number of the signal"),
            PulseOutputs.DriveOption,
            DriverOption.Number("minimumAngle", 0, -180, 180, "degrees at the shortest pulse"),
            DriverOption.Number("maximumAngle", 90, -180, 180, "degrees at the longest pulse"),
            DriverOption.Duration("minimumPulse", "1ms", TimeSpan.FromMilliseconds(0.4), TimeSpan.FromMilliseconds(1.5), "some go down to 0.5ms"),
            DriverOption.Duration("maximumPulse", "2ms", TimeSpan.FromMilliseconds(1.5), TimeSpan.FromMilliseconds(2.6), "some go up to 2.5ms"),
            DriverOption.Number("speed", 0, 0, 1000, "degrees a second at most; 0: as fast as it goes"),
            DriverOption.Duration("release", "0s", TimeSpan.Zero, TimeSpan.FromHours(1), "no pulses from so long after it has arrived: it is silent and holds no load; 0s: holds for ever"),
            DriverOption.Choice("safe", "release", ["release", "minimum", "maximum"], "at start, at stop and when commands are stale"),
        ],
        Datasheet = "TowerPro SG90; kernel Documentation/driver-api/pwm.rst",
        Wiring = "Signal to the pin; red and black to a 5 V supply of its own, whose ground is joined with the Pi's.",
        Accuracy = "About 1° with hardware pulses; software pulses make it tremble.",
        Notes =
        [
            "Never from the Pi's own 5 V: its current makes the Pi restart.",
            "Widen the pulses step by step: against its stop a servo burns out.",
        ],
        Factory = context => new Servo(context, new PulseWait()),
    };

    protected override int FrequencyHertz => Hertz;

    public override async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Check(NamedState value)
    {
        var (low, high) = (Math.Min(_lowest, _highest), Math.Max(_lowest, _highest));
        if (value.Name != "angle" || !value.Value.IsNumber || !(value.Value.Number >= low && value.Value.Number <= high))
            throw Refused(value, $"angle={WiringOptions.Number(low)} to angle={WiringOptions.Number(high)}");
    }

    protected override ValueTask ApplyAsync(IPulseOutput output, ActuatorState state, CancellationToken cancellationToken)
    {
        if (state.Find("angle") is not { } angle)
            return ValueTask.CompletedTask;
        _target = angle.Number;
        if (_speed == 0 || _now is null) // where it stands before the first command nobody knows
            _now = _target;
        output.Set(Duty(_now.Value));
        _arrivedAt = Context.Time.GetTimestamp();
        _timer.Change(Step, Step);
        return ValueTask.CompletedTask;
    }

    protected override ValueTask MakeSafeAsync(IPulseOutput output, CancellationToken cancellationToken)
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        (_now, _target) = _safe switch { "minimum" => (_lowest, _lowest), "maximum" => (_highest, _highest), _ => ((double?)null, (double?)null) };
        output.Set(_now is { } angle ? Duty(angle) : 0);
        return ValueTask.CompletedTask;
    }

    protected override NamedState State(double duty) =>
        duty == 0 ? new("angle", "released") : new("angle", Math.Round(_lowest + ((_highest - _lowest) * ((duty / Hertz) - _shortest.TotalSeconds) / (_longest - _shortest).TotalSeconds), 1));

    internal double Duty(double angle)
    {
        var part = _highest == _lowest ? 0 : (angle - _lowest) / (_highest - _lowest);
        return (_shortest + ((_longest - _shortest) * part)).TotalSeconds * Hertz;
    }

    // One step of the way each period; a step that finds the line busy comes with the next.
    private void Tick()
    {
        var step = RunAsync(
            output =>
            {
                Advance(output);
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
        if (step.IsFaulted)
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan); // the next command says what is wrong
    }

    private void Advance(IPulseOutput output)
    {
        if (_now is not { } now || _target is not { } target)
            return;
        if (now != target)
        {
            var most = _speed * Step.TotalSeconds;
            _now = Math.Abs(target - now) <= most ? target : now + (Math.Sign(target - now) * most);
            _arrivedAt = Context.Time.GetTimestamp();
            output.Set(Duty(_now.Value));
        }
        else if (_release == TimeSpan.Zero || Context.Time.GetElapsedTime(_arrivedAt) >= _release)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (_release > TimeSpan.Zero)
                output.Set(0);
        }
    }
}
