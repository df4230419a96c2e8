namespace EdgeGateway.Drivers;

/// <summary>A push button: press and release at once, click, double and long once they are certain.</summary>
internal sealed class Button : GpioEventInput
{
    private readonly Lock _lock = new(); // guards the state against edges and the two timers
    private readonly TimeSpan _long;
    private readonly TimeSpan _double;
    private readonly ITimer _timer;
    private long _presses, _releases, _clicks, _doubles, _longs;
    private GpioEdge _pressed;
    private GpioEdge _firstRelease;
    private State _state = State.Up;

    public Button(DriverContext context)
        : base(context)
    {
        _long = context.Options.Duration("long");
        _double = context.Options.Duration("double");
        _timer = context.Time.CreateTimer(static state => ((Button)state!).Elapsed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private enum State
    {
        Up,
        Down,
        DownLong,

        /// <summary>Released once; a second press may follow.</summary>
        Waiting,
        DownAgain,
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    protected override Reading Measure(bool isActive) => new(
        [
            new("pressed", isActive ? 1 : 0, Unit.None),
            new("presses", Interlocked.Read(ref _presses), Unit.Count),
        ],
        Time.GetUtcNow(),
        Time.GetTimestamp());

    protected override void OnOpened(bool isActive)
    {
        lock (_lock)
            _state = isActive ? State.DownLong : State.Up; // held while it was opened: its release is no click
    }

    protected override void OnChange(bool isActive, GpioEdge edge)
    {
        lock (_lock)
        {
            if (isActive)
                Press(edge);
            else
                Release(edge);
        }
    }

    private void Press(GpioEdge edge)
    {
        Raise("press", edge.Time, edge.Timestamp, ++_presses);
        if (_state == State.Waiting && Time.GetElapsedTime(_firstRelease.Timestamp, edge.Timestamp) > _double)
            Click(); // its timer is late
        _state = _state == State.Waiting ? State.DownAgain : State.Down;
        _pressed = edge;
        _timer.Change(_long, Timeout.InfiniteTimeSpan);
    }

    private void Release(GpioEdge edge)
    {
        var held = Time.GetElapsedTime(_pressed.Timestamp, edge.Timestamp);
        Raise("release", edge.Time, edge.Timestamp, ++_releases, _pressed.Timestamp == 0 ? 0 : held.TotalSeconds);
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var state = _state;
        _state = State.Up;
        if (state is State.Down or State.DownAgain && held >= _long)
        {
            Long(); // its timer is late
        }
        else if (state == State.DownAgain)
        {
            Raise("double", edge.Time, edge.Timestamp, ++_doubles);
        }
        else if (state == State.Down)
        {
            _firstRelease = edge;
            _state = State.Waiting;
            if (_double == TimeSpan.Zero)
                Click();
            else
                _timer.Change(_double, Timeout.InfiniteTimeSpan);
        }
    }

    private void Elapsed()
    {
        lock (_lock)
        {
            if (_state == State.Waiting)
            {
                Click();
            }
            else if (_state is State.Down or State.DownAgain)
            {
                if (_state == State.DownAgain)
                    Click();
                _state = State.DownLong;
                Long();
            }
        }
    }

    private void Click()
    {
        _state = State.Up;
        Raise("click", _firstRelease.Time, _firstRelease.Timestamp, ++_clicks);
    }

    private void Long() => Raise("long", _pressed.Time, _pressed.Timestamp, ++_longs, _long.TotalSeconds);
}
