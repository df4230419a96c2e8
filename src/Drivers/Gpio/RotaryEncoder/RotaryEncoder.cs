namespace EdgeGateway.Drivers;

/// <summary>A rotary encoder with two contacts (KY-040, EC11).</summary>
internal sealed class RotaryEncoder : ISensor, IEventInput
{
    private readonly Lock _lock = new(); // guards the lines and the position
    private readonly DriverContext _context;
    private readonly EventQueue _events;
    private readonly Quadrature _quadrature = new();
    private readonly int _pinA, _pinB, _stepsPerDetent;
    private readonly int _sign;
    private readonly TimeSpan _debounce;
    private readonly GpioPull _pull;
    private GpioInput? _a, _b;
    private bool _levelA, _levelB;
    private long _lastStamp, _turns, _lost, _detents;
    private bool _disposed;

    public RotaryEncoder(DriverContext context)
    {
        _context = context;
        var options = context.Options;
        _pinA = options.Integer("pinA");
        _pinB = options.Integer("pinB");
        _stepsPerDetent = options.Integer("stepsPerDetent");
        _sign = options.Boolean("reverse") ? -1 : 1;
        _debounce = options.Duration("debounce");
        _pull = WiringOptions.ReadPull(options);
        _events = new EventQueue(new DeviceName(context.Driver.Chip, "gpio", $"GPIO{_pinA}"));
    }

    public static DriverDescriptor Descriptor { get; } = new()
    {
        Name = "rotary-encoder",
        Chip = "rotary encoder",
        Description = "A rotary encoder (KY-040, EC11)",
        Kind = DriverKind.Sensor | DriverKind.EventInput,
        Bus = BusKind.Gpio,
        Readings =
        [
            new("position", Unit.Count, -double.MaxValue, double.MaxValue, "Detents turned since the start, clockwise positive"),
            new("lost", Unit.Count, 0, double.MaxValue, "Steps whose direction was lost: turned too fast, or bad contacts"),
        ],
        Events = [new("turn", "Turned by one detent; the value is 1 clockwise, -1 the other way")],
        Options =
        [
            WiringOptions.Pin("GPIO number of contact A (CLK)", "pinA"),
            WiringOptions.Pin("GPIO number of contact B (DT)", "pinB"),
            WiringOptions.Pull("up"),
            DriverOption.IntegerOf("stepsPerDetent", 4, [1, 2, 4], "changes of the contacts from detent to detent"),
            DriverOption.Boolean("reverse", false, "clockwise is the other way round"),
            DriverOption.Duration("debounce", "500us", TimeSpan.Zero, TimeSpan.FromMilliseconds(20), "a level must hold this long to count"),
        ],
        Datasheet = "ALPS EC11 series; kernel GPIO character device uAPI v2",
        Wiring = "A (CLK) and B (DT) to two pins, the common contact to ground, + to 3.3 V. Its switch (SW) is a button of its own.",
        Accuracy = "Exact up to some hundred detents a second.",
        Notes =
        [
            "If it counts two per click or every second click only, change stepsPerDetent.",
            "For very fast ones use the kernel's own: dtoverlay=rotary-encoder,pin_a=17,pin_b=27,relative_axis=1.",
        ],
        ShortestInterval = TimeSpan.FromMilliseconds(100),
        Factory = context => new RotaryEncoder(context),
    };

    public ValueTask<Reading> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            lock (_lock)
            {
                OpenLines();
                return ValueTask.FromResult(new Reading(
                    [new("position", _detents, Unit.Count), new("lost", _lost, Unit.Count)],
                    _context.Time.GetUtcNow(),
                    _context.Time.GetTimestamp()));
            }
        }
        catch (DriverException ex)
        {
            throw ex as SensorReadException ?? new SensorReadException(ex);
        }
    }

    public IAsyncEnumerable<InputEvent> ReadEventsAsync(CancellationToken cancellationToken) => _events.ReadAsync(Open, cancellationToken);

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _disposed = true;
            CloseLines();
        }

        _events.Complete();
        return ValueTask.CompletedTask;
    }

    private void Open()
    {
        lock (_lock)
            OpenLines();
    }

    // Under the lock.
    private void OpenLines()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_b is not null)
            return;
        try
        {
            _a = _context.Header.Gpio.OpenInput(_pinA, _context.Driver.Chip, _pull, _debounce, edge => OnEdge(isA: true, edge));
            _b = _context.Header.Gpio.OpenInput(_pinB, _context.Driver.Chip, _pull, _debounce, edge => OnEdge(isA: false, edge));
            (_levelA, _levelB) = (_a.Read(), _b.Read());
            _quadrature.Set(_levelA, _levelB);
        }
        catch (DriverException)
        {
            CloseLines();
            throw;
        }
    }

    private void CloseLines()
    {
        _a?.Dispose();
        _b?.Dispose();
        (_a, _b) = (null, null);
    }

    private void OnEdge(bool isA, GpioEdge edge)
    {
        lock (_lock)
        {
            if (_b is null)
                return;
            // An edge older than the last one, or edges the kernel dropped: the order of A and B is not known.
            var isOrdered = edge.Lost == 0 && edge.Timestamp >= _lastStamp;
            _lastStamp = Math.Max(_lastStamp, edge.Timestamp);
            if (isA)
                _levelA = edge.Rising;
            else
                _levelB = edge.Rising;
            if (isOrdered && _quadrature.Move(_levelA, _levelB) is { } step)
            {
                if (step != 0)
                    Turn(edge);
                return;
            }

            _quadrature.Set(_levelA, _levelB);
            _lost += Math.Max(1, edge.Lost);
            _events.Lose(Math.Max(1, edge.Lost));
        }
    }

    private void Turn(GpioEdge edge)
    {
        // A detent is counted once the shaft has left the last one by a whole detent: no flutter at the edge between two.
        var distance = (_sign * _quadrature.Position) - (_detents * _stepsPerDetent);
        if (Math.Abs(distance) < _stepsPerDetent)
            return;
        _detents += Math.Sign(distance);
        _events.Raise("turn", edge, ++_turns, Math.Sign(distance));
    }
}
