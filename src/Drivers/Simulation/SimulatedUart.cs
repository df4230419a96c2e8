namespace EdgeGateway.Drivers.Simulation;

/// <summary>The far end of a serial line.</summary>
public sealed class SimulatedUart : IDisposable
{
    private readonly Lock _lock = new(); // guards the buffers
    private readonly Queue<byte> _toHost = new();
    private readonly List<byte> _fromHost = [];
    private TaskCompletionSource? _waiting;
    private bool _hungUp;

    /// <summary>Most bytes one read gives, as lines deliver in pieces; 1 and up.</summary>
    public int LargestPiece { get; set; } = int.MaxValue;

    /// <summary>Makes each read give a random number of bytes, 1 to <see cref="LargestPiece"/>; null: as many as there are.</summary>
    public Random? Chunking { get; set; }

    /// <summary>What the line does to the bytes of each <see cref="Send"/>: a fault; null where it is whole.</summary>
    public Func<byte[], byte[]>? Alter { get; set; }

    /// <summary>Parameters the host opened the line with; null while it is closed.</summary>
    public UartParameters? Opened { get; private set; }

    /// <summary>Called with what the host writes; answers with <see cref="Send"/>.</summary>
    public Action<ReadOnlyMemory<byte>>? OnReceived { get; set; }

    /// <summary>All the host has written.</summary>
    public byte[] Received
    {
        get
        {
            lock (_lock)
                return [.. _fromHost];
        }
    }

    /// <summary>Bytes for the host.</summary>
    public void Send(params ReadOnlySpan<byte> bytes)
    {
        var altered = Alter is { } alter ? alter(bytes.ToArray()) : bytes;
        lock (_lock)
            foreach (var value in altered)
                _toHost.Enqueue(value);
        Wake();
    }

    /// <summary>The adapter was pulled: reads give 0 bytes.</summary>
    public void HangUp()
    {
        _hungUp = true;
        Wake();
    }

    /// <summary>The adapter is back.</summary>
    public void PlugIn() => _hungUp = false;

    public void Dispose() => HangUp();

    internal IUartPort Open(string name, UartParameters parameters)
    {
        Opened = parameters;
        return new Port(this, name);
    }

    // The reader goes on within the call, so what is sent at a moment of virtual time is read at that moment.
    private void Wake()
    {
        TaskCompletionSource? waiting;
        lock (_lock)
            (waiting, _waiting) = (_waiting, null);
        waiting?.TrySetResult();
    }

    private sealed class Port(SimulatedUart line, string name) : IUartPort
    {
        public string Name => name;

        public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            while (true)
            {
                TaskCompletionSource waiting;
                lock (line._lock)
                {
                    var count = 0;
                    var most = Math.Min(buffer.Length, line.Chunking?.Next(1, Math.Min(line.LargestPiece, 64) + 1) ?? line.LargestPiece);
                    for (; count < most && line._toHost.TryDequeue(out var value); count++)
                        buffer.Span[count] = value;
                    if (count > 0 || line._hungUp)
                        return count;
                    line._waiting = waiting = new TaskCompletionSource();
                }

                await using var registration = cancellationToken.Register(static (waits, token) => ((TaskCompletionSource)waits!).TrySetCanceled(token), waiting).ConfigureAwait(false);
                await waiting.Task.ConfigureAwait(false);
            }
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            if (line._hungUp)
                throw new IOException("The line has hung up.");
            lock (line._lock)
                line._fromHost.AddRange(bytes.Span);
            line.OnReceived?.Invoke(bytes);
            return ValueTask.CompletedTask;
        }

        public void DiscardInput()
        {
            lock (line._lock)
                line._toHost.Clear();
        }

        public void Dispose() => line.Opened = null;
    }
}
