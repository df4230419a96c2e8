using System.Threading.Tasks.Sources;

namespace EdgeGateway.Drivers;

/// <summary>A wait that allocates nothing when it is used again and again. One waiter at a time.</summary>
/// <remarks>Hot path: every chip with a conversion time waits here once a reading.</remarks>
internal sealed class ReusableDelay(TimeProvider time) : IValueTaskSource, IDisposable
{
    private readonly Lock _lock = new(); // guards _armed and _core against timer and cancellation coming at once
    private ManualResetValueTaskSourceCore<bool> _core;
    private ITimer? _timer;
    private CancellationTokenRegistration _registration;
    private bool _armed;

    /// <summary>Waits at least <paramref name="delay"/>; timers count whole milliseconds, so it is rounded up.</summary>
    public ValueTask WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (delay <= TimeSpan.Zero)
            return ValueTask.CompletedTask;
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        var due = TimeSpan.FromMilliseconds(Math.Ceiling(delay.TotalMilliseconds));
        short version;
        lock (_lock)
        {
            if (_armed)
                throw new InvalidOperationException("Two callers wait for one chip.");
            _core.Reset();
            version = _core.Version;
            _armed = true;
        }

        var timer = _timer ??= time.CreateTimer(static state => ((ReusableDelay)state!).Elapsed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registration = cancellationToken.UnsafeRegister(static (state, token) => ((ReusableDelay)state!).Cancelled(token), this);
        timer.Change(due, Timeout.InfiniteTimeSpan); // false where the cancellation just disposed it
        return new ValueTask(this, version);
    }

    public void Dispose() => _timer?.Dispose();

    void IValueTaskSource.GetResult(short token)
    {
        _registration.Dispose();
        _registration = default;
        _core.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Elapsed()
    {
        lock (_lock)
        {
            if (!_armed)
                return;
            _armed = false;
        }

        _core.SetResult(true);
    }

    private void Cancelled(CancellationToken token)
    {
        lock (_lock)
        {
            if (!_armed)
                return;
            _armed = false;
            // The timer may be firing now; a new one cannot be taken for it.
            _timer?.Dispose();
            _timer = null;
        }

        _core.SetException(new OperationCanceledException(token));
    }
}
