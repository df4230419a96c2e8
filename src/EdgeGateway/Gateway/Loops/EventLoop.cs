using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Gateway.Loops;

/// <summary>
/// One thread that serves many plain TCP connections by epoll(7), level-triggered. What the packets of one round set in motion is sent at
/// the end of the round, one send(2) a receiver: fifty publishers that were ready together cost their subscriber one system call.
/// Nothing on a loop may block.
/// </summary>
internal sealed unsafe partial class EventLoop : IDisposable
{
    private const int EventsPerRound = 256;
    private const int BufferBytes = 64 << 10;
    private const int AcceptsPerRound = 64; // five thousand connects at once must not keep the others waiting
    private const int UnsentBytesPerRound = 128 << 10;
    private const int TickMilliseconds = 1000;

    [ThreadStatic]
    private static EventLoop? t_current;

    private readonly int _epoll = LinuxSockets.CreateEpoll();
    private readonly int _waker = LinuxSockets.CreateWaker();
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly List<LoopConnection> _dirty = [];
    private readonly PriorityQueue<LoopConnection, long> _deadlines = new();
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Thread _thread;
    private LoopConnection?[] _connections = new LoopConnection?[1024];
    private int _listener = -1;
    private Action<int, IPEndPoint?>? _accepted;
    private bool _listenerPaused;
    private long _lastTick;
    private int _unsent;
    private int _awake;
    private volatile bool _stopping;

    public EventLoop(int number, TimeProvider time, ILogger log)
    {
        _time = time;
        _log = log;
        LinuxSockets.Watch(_epoll, _waker, LinuxSockets.Readable);
        _thread = new Thread(Run) { IsBackground = true, Name = $"mqtt-loop-{number}" };
    }

    /// <summary>The loop this thread is; null on other threads.</summary>
    public static EventLoop? Current => t_current;

    /// <summary>Where a read goes; valid during the read and what it sets in motion.</summary>
    public Span<byte> Buffer => _buffer;

    public void Start() => _thread.Start();

    /// <summary>Hands new connections of a listening socket to <paramref name="accepted"/>, on this loop. Call before <see cref="Start"/>.</summary>
    public void Listen(int listener, Action<int, IPEndPoint?> accepted)
    {
        _listener = listener;
        _accepted = accepted;
        LinuxSockets.Watch(_epoll, listener, LinuxSockets.Readable);
    }

    /// <summary>Runs something on the loop, soon.</summary>
    public void Post(Action action)
    {
        _posted.Enqueue(action);
        if (Interlocked.Exchange(ref _awake, 1) == 0)
            LinuxSockets.Wake(_waker);
    }

    /// <summary>On the loop: takes a connection in.</summary>
    public void Add(LoopConnection connection)
    {
        var descriptor = connection.Descriptor;
        if (descriptor >= _connections.Length)
            Array.Resize(ref _connections, Math.Max(descriptor + 1, _connections.Length * 2));
        _connections[descriptor] = connection;
        LinuxSockets.Watch(_epoll, descriptor, LinuxSockets.Readable);
    }

    /// <summary>On the loop: the connection has closed its descriptor.</summary>
    public void Remove(LoopConnection connection) => _connections[connection.Descriptor] = null;

    public void Interest(LoopConnection connection, uint events) => LinuxSockets.Change(_epoll, connection.Descriptor, events);

    /// <summary>On a loop: the connection has output, sent at the end of the round.</summary>
    public void SendLater(LoopConnection connection) => _dirty.Add(connection);

    /// <summary>On the loop: <see cref="LoopConnection.DeadlinePassed"/> is called once, after the time.</summary>
    public void RemindAfter(TimeSpan time, LoopConnection connection) => _deadlines.Enqueue(connection, _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency));

    public void Dispose()
    {
        _stopping = true;
        LinuxSockets.Wake(_waker);
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted))
            CloseAll();
        else
            _thread.Join();
    }

    private void Run()
    {
        t_current = this;
        var events = stackalloc byte[EventsPerRound * LinuxSockets.EventBytes];
        while (!_stopping)
        {
            var count = LinuxSockets.Wait(_epoll, events, EventsPerRound, TickMilliseconds);
            if (count < 0 && LinuxSockets.LastError != LinuxSockets.Interrupted)
                throw new IOException($"epoll_wait: error {LinuxSockets.LastError}");
            Round(events, count);
        }
        CloseAll();
    }

    private void Round(byte* events, int count)
    {
        var listenerReady = false;
        for (var i = 0; i < count; i++)
        {
            var at = events + (i * LinuxSockets.EventBytes);
            var descriptor = *(int*)(at + LinuxSockets.EventDataOffset);
            if (descriptor == _waker)
                RunPosted();
            else if (descriptor == _listener)
                listenerReady = true;
            else if (descriptor < _connections.Length && _connections[descriptor] is { } connection)
                Serve(connection, *(uint*)at);
        }
        SendDirty();
        if (listenerReady)
            Accept(); // last: a descriptor closed in this round may come again, and its old events must not reach the new connection
        Tick();
    }

    private void Serve(LoopConnection connection, uint events)
    {
#pragma warning disable CA1031 // A defect in serving one client must not end the loop that serves all: its connection goes, and it is logged.
        try
        {
            if ((events & LinuxSockets.Writable) != 0)
                connection.Send();
            if ((events & (LinuxSockets.Readable | LinuxSockets.HangUp | LinuxSockets.Error)) != 0)
                _unsent += connection.Read();
            if (_unsent > UnsentBytesPerRound)
                SendDirty(); // so that what one round reads never overflows a receiver that keeps up
        }
        catch (Exception ex)
        {
            LogConnectionFailed(ex);
            connection.CloseNow();
        }
#pragma warning restore CA1031
    }

    private void SendDirty()
    {
        for (var i = 0; i < _dirty.Count; i++) // grows while it is walked: a send may let a queue move on
            _dirty[i].SendDeferred();
        _dirty.Clear();
        _unsent = 0;
    }

    private void RunPosted()
    {
        LinuxSockets.ClearWaker(_waker);
        Volatile.Write(ref _awake, 0);
        while (_posted.TryDequeue(out var action))
            action();
    }

    private void Accept()
    {
        for (var i = 0; i < AcceptsPerRound; i++)
        {
            var descriptor = LinuxSockets.Accept(_listener, out var remote);
            if (descriptor >= 0)
            {
                _accepted!(descriptor, remote);
                continue;
            }
            if (LinuxSockets.LastError is LinuxSockets.TooManyInProcess or LinuxSockets.TooManyInSystem)
            {
                LogOutOfDescriptors();
                LinuxSockets.Unwatch(_epoll, _listener); // else it stays ready and the loop spins; looked at again with the next tick
                _listenerPaused = true;
            }
            return;
        }
    }

    private void Tick()
    {
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(_lastTick, now).TotalMilliseconds < TickMilliseconds)
            return;
        _lastTick = now;
        if (_listenerPaused)
        {
            _listenerPaused = false;
            LinuxSockets.Watch(_epoll, _listener, LinuxSockets.Readable);
        }
        while (_deadlines.TryPeek(out _, out var deadline) && deadline <= now)
            _deadlines.Dequeue().DeadlinePassed();
    }

    private void CloseAll()
    {
        foreach (var connection in _connections)
            connection?.CloseNow();
        LinuxSockets.Close(_waker);
        LinuxSockets.Close(_epoll);
    }

    [LoggerMessage(1030, LogLevel.Error, "Serving a connection failed; it was closed")]
    private partial void LogConnectionFailed(Exception exception);

    [LoggerMessage(1031, LogLevel.Warning, "No more files may be opened (ulimit -n): new connections wait")]
    private partial void LogOutOfDescriptors();
}
