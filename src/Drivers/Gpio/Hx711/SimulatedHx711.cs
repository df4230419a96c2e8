namespace EdgeGateway.Drivers.Simulation;

/// <summary>An HX711 at two lines: shifts a bit at each rising clock, sleeps after a clock pulse of 60 µs, settles after it.</summary>
public sealed class SimulatedHx711 : IDisposable
{
    private static readonly TimeSpan SleepAfter = TimeSpan.FromMicroseconds(60), Period = TimeSpan.FromMilliseconds(100), Settling = TimeSpan.FromMilliseconds(400);

    private readonly SimulatedGpioDriver _lines;
    private readonly TimeProvider _time;
    private readonly int _data, _clock;
    private readonly ITimer _ready;
    private int _shift;
    private int _bit;
    private long _highSince;

    public SimulatedHx711(SimulatedHeader header, int data, int clock, TimeProvider time)
    {
        (_lines, _data, _clock, _time) = (header.Lines, data, clock, time);
        _ready = time.CreateTimer(_ => BecomeReady(), null, Settling, Timeout.InfiniteTimeSpan);
        _lines.Drive(data, true);
        _lines.OutputChanged += OnOutput;
    }

    /// <summary>The converter's number.</summary>
    public int Raw { get; set; }

    /// <summary>Numbers of the next conversions, before <see cref="Raw"/> holds again.</summary>
    public Queue<int> Next { get; } = new();

    /// <summary>Called at each rising clock with its number from 1: a test interrupts the process here.</summary>
    public Action<int>? OnClock { get; set; }

    /// <summary>Times it was put to sleep.</summary>
    public int Sleeps { get; private set; }

    public void Dispose()
    {
        _lines.OutputChanged -= OnOutput;
        _ready.Dispose();
    }

    private void BecomeReady()
    {
        _bit = 0;
        _lines.Drive(_data, false);
    }

    private void OnOutput(int pin, bool high)
    {
        if (pin != _clock)
            return;
        if (high)
        {
            _highSince = _time.GetTimestamp();
            if (_bit == 0)
                _shift = Next.TryDequeue(out var next) ? next : Raw;
            _bit++;
            _lines.Drive(_data, _bit > 24 || ((_shift >> (24 - _bit)) & 1) != 0);
            OnClock?.Invoke(_bit);
            return;
        }

        if (_bit > 0 && _time.GetElapsedTime(_highSince) >= SleepAfter)
        {
            Sleeps++;
            _lines.Drive(_data, true);
            _ready.Change(Settling, Timeout.InfiniteTimeSpan);
        }
        else if (_bit >= 25)
        {
            _ready.Change(Period, Timeout.InfiniteTimeSpan);
        }
    }
}
