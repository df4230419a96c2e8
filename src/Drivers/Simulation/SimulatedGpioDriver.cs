using System.Device.Gpio;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>28 GPIO lines without a Pi: what is outside drives inputs, outputs are recorded.</summary>
public sealed class SimulatedGpioDriver(TimeProvider time) : GpioDriver, IGpioDebounce
{
    private const int Lines = 28;

    private readonly Lock _lock = new(); // guards the lines; callbacks run outside of it
    private readonly Line[] _lines = [.. Enumerable.Range(0, Lines).Select(_ => new Line())];

    /// <summary>Raised after an output's level changed, or a line was opened as an output.</summary>
    public event Action<int, bool>? OutputChanged;

    /// <summary>Level now, whoever drives it.</summary>
    public bool Level(int pin)
    {
        lock (_lock)
            return _lines[pin].Level;
    }

    public bool IsOpen(int pin)
    {
        lock (_lock)
            return _lines[pin].IsOpen;
    }

    /// <summary>Every level an output had, from its opening on.</summary>
    public IReadOnlyList<LevelChange> Recording(int pin)
    {
        lock (_lock)
            return [.. _lines[pin].Recording];
    }

    /// <summary>Every level the load at a pin has seen since the start, whoever drove it and whether the pin was open.</summary>
    public IReadOnlyList<LevelChange> Edges(int pin)
    {
        lock (_lock)
            return [.. _lines[pin].Edges];
    }

    /// <summary>True: a pin that is closed keeps its level, as with Raspberry Pi OS's <c>persist_gpio_outputs</c>; false: it becomes an input.</summary>
    public bool KeepsLevels { get; set; }

    /// <summary>True: nothing the program does reaches the lines, as after its death.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>What the kernel does with the lines of a program that has died.</summary>
    public void CloseAll()
    {
        for (var pin = 0; pin < Lines; pin++)
            Close(pin);
    }

    /// <summary>Drives a line from outside: true high, false low, null lets it float to its pull.</summary>
    public void Drive(int pin, bool? level) => Drive(pin, level, time.GetTimestamp());

    /// <summary>As <see cref="Drive(int, bool?)"/>, with the stamp the kernel gives the edge.</summary>
    public void Drive(int pin, bool? level, long timestamp)
    {
        Action? announce;
        lock (_lock)
        {
            var line = _lines[pin];
            var before = line.Level;
            line.Outside = level;
            line.Note(timestamp);
            announce = Announce(pin, line, before, timestamp);
        }

        announce?.Invoke();
    }

    /// <summary>A contact that bounces: <paramref name="edges"/> changes within a moment, ending at <paramref name="level"/>.</summary>
    public void Bounce(int pin, bool level, int edges)
    {
        for (var i = edges; i > 0; i--)
            Drive(pin, i % 2 == 1 ? level : !level);
    }

    /// <summary>The kernel's event buffer ran over: the next event tells of this many lost ones.</summary>
    public void LoseEvents(int pin, long count)
    {
        lock (_lock)
            _lines[pin].Lost += count;
    }

    /// <summary>Opening this pin fails with EBUSY, as where the kernel uses it.</summary>
    public void OwnByKernel(int pin)
    {
        lock (_lock)
            _lines[pin].IsOwnedByKernel = true;
    }

    public void SetDebounce(int pinNumber, TimeSpan period)
    {
        lock (_lock)
            _lines[pinNumber].DebouncePeriod = period;
    }

    protected override int PinCount => Lines;

    protected override void OpenPin(int pinNumber)
    {
        if (pinNumber is < 0 or >= Lines)
            throw new ArgumentOutOfRangeException(nameof(pinNumber), $"There is no GPIO{pinNumber}.");
        lock (_lock)
        {
            if (_lines[pinNumber].IsOwnedByKernel)
                throw new IOException($"GPIO{pinNumber} is busy", I2cErrno.Busy);
            if (!IsFrozen)
                _lines[pinNumber].IsOpen = true;
        }
    }

    protected override void ClosePin(int pinNumber)
    {
        if (!IsFrozen)
            Close(pinNumber);
    }

    private void Close(int pinNumber)
    {
        lock (_lock)
        {
            var line = _lines[pinNumber];
            line.IsOpen = false;
            if (!KeepsLevels || line.Mode != PinMode.Output)
                line.Mode = PinMode.Input;
            line.Note(time.GetTimestamp());
            line.Callbacks.Clear();
            line.Debouncer?.Dispose();
            line.Debouncer = null;
            line.DebouncePeriod = TimeSpan.Zero;
        }
    }

    protected override void SetPinMode(int pinNumber, PinMode mode) => SetPinMode(pinNumber, mode, PinValue.Low);

    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        lock (_lock)
        {
            if (IsFrozen)
                return;
            var line = _lines[pinNumber];
            line.Mode = mode;
            if (mode == PinMode.Output)
                line.Output = initialValue == PinValue.High;
            if (mode == PinMode.Output)
                line.Recording.Add(new LevelChange(line.Output, time.GetTimestamp()));
            line.Note(time.GetTimestamp());
        }

        if (mode == PinMode.Output)
            OutputChanged?.Invoke(pinNumber, initialValue == PinValue.High);
    }

    protected override PinMode GetPinMode(int pinNumber) => _lines[pinNumber].Mode;

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) =>
        mode is PinMode.Input or PinMode.InputPullUp or PinMode.InputPullDown or PinMode.Output;

    protected override PinValue Read(int pinNumber) => Level(pinNumber) ? PinValue.High : PinValue.Low;

    protected override void Write(int pinNumber, PinValue value)
    {
        var high = value == PinValue.High;
        lock (_lock)
        {
            if (IsFrozen)
                return;
            var line = _lines[pinNumber];
            if (line.Mode != PinMode.Output)
                throw new InvalidOperationException($"GPIO{pinNumber} is not an output.");
            if (line.Output == high)
                return;
            line.Output = high;
            line.Recording.Add(new LevelChange(high, time.GetTimestamp()));
            line.Note(time.GetTimestamp());
        }

        OutputChanged?.Invoke(pinNumber, high);
    }

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        throw new NotSupportedException("The lines of this library are read with callbacks.");

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        lock (_lock)
            _lines[pinNumber].Callbacks.Add((eventTypes, callback));
    }

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        lock (_lock)
            _lines[pinNumber].Callbacks.RemoveAll(entry => entry.Callback == callback);
    }

    // Under the lock; gives what is to be called outside of it.
    private Action? Announce(int pin, Line line, bool before, long timestamp)
    {
        if (line.Mode == PinMode.Output || line.Level == before || line.Callbacks.Count == 0)
            return null;
        var level = line.Level;
        if (line.DebouncePeriod <= TimeSpan.Zero)
            return () => Call(pin, level, timestamp);
        var debouncer = line.Debouncer ??= new Debouncer(time, line.DebouncePeriod, before, (settled, at) => Call(pin, settled, at));
        return () => debouncer.Edge(level);
    }

    private void Call(int pin, bool level, long timestamp)
    {
        (PinEventTypes Types, PinChangeEventHandler Callback)[] callbacks;
        long lost;
        lock (_lock)
        {
            callbacks = [.. _lines[pin].Callbacks];
            lost = _lines[pin].Lost;
            _lines[pin].Lost = 0;
        }

        var type = level ? PinEventTypes.Rising : PinEventTypes.Falling;
        foreach (var (types, callback) in callbacks)
            if (types.HasFlag(type))
                callback(this, new TimestampedPinEventArgs(type, pin, timestamp, lost));
    }

    private sealed class Line
    {
        public bool IsOpen { get; set; }

        public bool IsOwnedByKernel { get; set; }

        public PinMode Mode { get; set; } = PinMode.Input;

        public bool? Outside { get; set; }

        public bool Output { get; set; }

        public long Lost { get; set; }

        public TimeSpan DebouncePeriod { get; set; }

        public Debouncer? Debouncer { get; set; }

        public List<(PinEventTypes Types, PinChangeEventHandler Callback)> Callbacks { get; } = [];

        public List<LevelChange> Recording { get; } = [];

        public List<LevelChange> Edges { get; } = [];

        public void Note(long timestamp)
        {
            if (Level != (Edges.Count > 0 && Edges[^1].High))
                Edges.Add(new LevelChange(Level, timestamp));
        }

        public bool Level => Mode == PinMode.Output ? Output : Outside ?? Mode == PinMode.InputPullUp;
    }
}
