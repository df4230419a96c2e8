using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace EdgeGateway.Drivers;

/// <summary>The events of one input on their way to its one reader: bounded, the oldest give way, and what was lost is counted.</summary>
internal sealed class EventQueue(DeviceName device)
{
    private const int Length = 256;

    private readonly Lock _lock = new(); // guards the channel's coming and going
    private Channel<InputEvent>? _events;
    private long _lost;

    /// <summary>Edges that never came.</summary>
    public void Lose(long count) => Interlocked.Add(ref _lost, count);

    /// <summary>Dropped where nobody reads.</summary>
    public void Raise(string name, GpioEdge edge, long count, double value = 0) => Raise(name, edge.Time, edge.Timestamp, count, value);

    public void Raise(string name, DateTimeOffset time, long timestamp, long count, double value = 0)
    {
        var lost = Interlocked.Exchange(ref _lost, 0);
        if (_events?.Writer.TryWrite(new InputEvent(name, time, timestamp, count, value, lost)) != true)
            Interlocked.Add(ref _lost, lost);
    }

    /// <returns>False where nobody reads, so nobody has seen the failure.</returns>
    public bool Fail(DriverException failure) => _events?.Writer.TryComplete(failure) ?? false;

    public void Complete() => _events?.Writer.TryComplete();

    /// <param name="open">Opens the lines; called before the first event is waited for.</param>
    /// <exception cref="SensorReadException">The lines cannot be opened or have failed.</exception>
    public async IAsyncEnumerable<InputEvent> ReadAsync(Action open, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = Begin();
        try
        {
            try
            {
                open();
            }
            catch (DriverException ex)
            {
                throw ex as SensorReadException ?? new SensorReadException(ex);
            }

            while (await events.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
                while (events.Reader.TryRead(out var happened))
                    yield return happened;
        }
        finally
        {
            lock (_lock)
                _events = null;
        }
    }

    private Channel<InputEvent> Begin()
    {
        lock (_lock)
        {
            if (_events is not null)
                throw new InvalidOperationException($"{device} has a reader already.");
            return _events = Channel.CreateBounded(
                new BoundedChannelOptions(Length) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
                (InputEvent _) => Interlocked.Increment(ref _lost));
        }
    }
}
