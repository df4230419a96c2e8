using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>
/// What every polled sensor does the same way: initialise at the first reading and again after each failure,
/// and leave a chip that does not answer alone for 10 s, later for up to 60 s, so that it does not slow the bus for others.
/// </summary>
public abstract class PolledSensor : ISensor
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10), LongestPause = TimeSpan.FromSeconds(60);

    // One reading at a time: `sensors read` may come between two polls.
    private readonly SemaphoreSlim _one = new(1, 1);
    private DriverException? _lastFailure;
    private bool _isInitialised;
    private volatile bool _disposed;
    private long _pausedSince;
    private TimeSpan _pause;

    protected PolledSensor(DriverContext context)
    {
        Context = context;
        Time = context.Time;
    }

    protected DriverContext Context { get; }

    protected TimeProvider Time { get; }

    /// <summary>Who messages speak of.</summary>
    protected abstract DeviceName Device { get; }

    /// <inheritdoc/>
    /// <remarks>Hot path: allocates the reading only.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Reading> ReadAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        var isLeftAlone = false;
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            isLeftAlone = _pause > TimeSpan.Zero && Time.GetElapsedTime(_pausedSince) < _pause;
            if (isLeftAlone)
                throw new SensorReadException(_lastFailure!);
            if (!_isInitialised)
            {
                await InitializeAsync(cancellationToken).ConfigureAwait(false);
                _isInitialised = true;
            }

            var reading = await MeasureAsync(cancellationToken).ConfigureAwait(false);
            _pause = TimeSpan.Zero;
            _lastFailure = null;
            return reading;
        }
        catch (DriverException ex)
        {
            if (!isLeftAlone) // else polling would put off the next try for ever
                Failed(ex);
            throw ex as SensorReadException ?? new SensorReadException(ex);
        }
        finally
        {
            if (_disposed)
                Close(); // it was disposed meanwhile
            _one.Release();
        }
    }

    /// <remarks>Does not wait for a reading that hangs: the handles are given back when it ends.</remarks>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _disposed = true;
        if (!_one.Wait(0))
            return ValueTask.CompletedTask;
        Close();
        _one.Release();
        return ValueTask.CompletedTask;
    }

    /// <summary>Opens the chip if it is not open, checks that it is the one expected, and configures it.</summary>
    /// <exception cref="DriverException">It is not there, or not the one.</exception>
    protected abstract ValueTask InitializeAsync(CancellationToken cancellationToken);

    /// <exception cref="DriverException">No value can be trusted.</exception>
    protected abstract ValueTask<Reading> MeasureAsync(CancellationToken cancellationToken);

    /// <summary>Gives handles back, if there are any. Called after an absence too: the next initialisation opens anew.</summary>
    protected abstract void Close();

    /// <summary>A value of the metadata's reading of this index, with the quality its range gives it.</summary>
    /// <exception cref="SensorReadException">Not a number.</exception>
    protected ReadingValue Value(int index, double value, ReadingQuality quality = ReadingQuality.Good)
    {
        var reading = Context.Driver.Readings[index];
        if (!double.IsFinite(value))
            throw Fault(DriverFault.Implausible, $"{reading.Name} is not a number", "the chip: its calibration or data registers hold nonsense");
        if (quality == ReadingQuality.Good && (value < reading.Minimum || value > reading.Maximum))
            quality = ReadingQuality.Implausible;
        return new ReadingValue(reading.Name, value, reading.Unit, quality);
    }

    protected SensorReadException Fault(DriverFault fault, string came, string check) => new(fault, Device, came, check);

    /// <summary>Bytes that are all zero or all one are a line that is held or floats, not an answer.</summary>
    /// <exception cref="SensorReadException">They are.</exception>
    protected void RejectEmpty(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.ContainsAnyExcept((byte)0x00))
            throw Fault(DriverFault.Garbage, $"{bytes.Length} bytes, all 0x00", "that the data line is not held low, and the chip's supply");
        if (!bytes.ContainsAnyExcept((byte)0xFF))
            throw Fault(DriverFault.Garbage, $"{bytes.Length} bytes, all 0xFF", "that the data line is connected, and the chip's supply");
    }

    protected Reading Now(ReadingValue value) => new([value], Time.GetUtcNow(), Time.GetTimestamp());

    protected Reading Now(ReadingValue first, ReadingValue second) => new([first, second], Time.GetUtcNow(), Time.GetTimestamp());

    protected Reading Now(ReadingValue first, ReadingValue second, ReadingValue third) => new([first, second, third], Time.GetUtcNow(), Time.GetTimestamp());

    protected Reading Now(ImmutableArray<ReadingValue> values) => new(values, Time.GetUtcNow(), Time.GetTimestamp());

    private void Failed(DriverException failure)
    {
        _isInitialised = false; // whatever it was, the chip may have lost its configuration
        _lastFailure = failure;
        if (failure.Fault is not (DriverFault.Absent or DriverFault.BusStuck or DriverFault.NoBus))
            return;
        Close();
        _pause = _pause == TimeSpan.Zero ? FirstPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        _pausedSince = Time.GetTimestamp();
    }
}
