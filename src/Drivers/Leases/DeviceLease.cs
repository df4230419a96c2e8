namespace EdgeGateway.Drivers;

/// <summary>What one device has open. Given up, all of it is closed, even while a call of its driver hangs: another instance can then open it.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class DeviceLease : IDisposable
{
    /// <summary>A driver that holds more and opens another one leaks: the greediest needs three.</summary>
    public const int MostHandles = 16;

    private readonly Lock _lock = new(); // guards the set
    private readonly HashSet<IDisposable> _held = new(ReferenceEqualityComparer.Instance);
    private bool _isOver;

    /// <summary>Handles open now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _held.Count;
        }
    }

    /// <exception cref="HandleLeakException">The driver has <see cref="MostHandles"/> open; the new one is closed again.</exception>
    /// <exception cref="ObjectDisposedException">The device was given up meanwhile; the handle is closed again.</exception>
    internal T Add<T>(T handle)
        where T : class, IDisposable
    {
        bool isOver;
        lock (_lock)
        {
            isOver = _isOver;
            if (!isOver && _held.Count < MostHandles)
            {
                _held.Add(handle);
                return handle;
            }
        }

        handle.Dispose();
        ObjectDisposedException.ThrowIf(isOver, this);
        throw new HandleLeakException(MostHandles);
    }

    /// <exception cref="ObjectDisposedException">The device was given up: its driver must not so much as open a line.</exception>
    internal void ThrowIfOver()
    {
        lock (_lock)
            ObjectDisposedException.ThrowIf(_isOver, this);
    }

    internal void Remove(IDisposable handle)
    {
        lock (_lock)
            _held.Remove(handle);
    }

    public void Dispose()
    {
        IDisposable[] left;
        lock (_lock)
        {
            _isOver = true;
            left = [.. _held];
            _held.Clear();
        }

        foreach (var handle in left)
            handle.Dispose();
    }
}
