using System.Buffers;
using Microsoft.Extensions.Logging;

namespace EdgeGateway.Gateway.Loops;

/// <summary>One plain TCP connection on an <see cref="EventLoop"/>: reads on the loop, sends from whichever thread has something for it.</summary>
internal sealed class LoopConnection : ITransport
{
    private const int MinimumHeldBytes = 1024;
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(2);

    private readonly EventLoop _loop;
    private readonly GatewayContext _context;
    private readonly MqttConnection _mqtt;
    private readonly Lock _sending = new(); // guards what is below up to _closed; taken before a session's lock, never inside one
    private byte[]? _output;
    private int _outputLength;
    private int _outputSent;
    private bool _outputIsSessions;
    private byte[]? _packets; // that are not the session's: a refusal, DISCONNECT
    private bool _waitsForRoom;
    private bool _endAfterOutput;
    private bool _ended;
    private bool _closed;
    private int _dirty;
    private byte[]? _held;
    private int _heldLength;
    private bool _paused;

    public LoopConnection(EventLoop loop, int descriptor, ConnectionOrigin origin, GatewayContext context, ILogger log)
    {
        _loop = loop;
        _context = context;
        Descriptor = descriptor;
        _mqtt = new(context, origin, this, log);
    }

    public int Descriptor { get; }

    /// <summary>On the loop: begins to read; whoever has not sent CONNECT in time goes.</summary>
    public void Open()
    {
        _loop.Add(this);
        _loop.RemindAfter(_context.Listeners.ConnectTimeout, this);
    }

    /// <summary>On the loop: takes in what has come.</summary>
    /// <returns>Bytes.</returns>
    public int Read()
    {
        if (_closed)
            return 0;
        // A whole burst fits the loop's buffer; only a packet larger than half of it is put together in one of the connection's own.
        var own = _heldLength > _loop.Buffer.Length / 2;
        if (own && _heldLength == _held!.Length)
            Grow();
        var buffer = own ? _held : _loop.Buffer;
        if (!own && _heldLength > 0)
            _held.AsSpan(0, _heldLength).CopyTo(buffer);
        var count = LinuxSockets.Receive(Descriptor, buffer[_heldLength..]);
        if (count <= 0)
        {
            if (count < 0 && LinuxSockets.LastError is LinuxSockets.WouldBlock or LinuxSockets.Interrupted)
                return 0;
            CloseNow();
            return 0;
        }
        Take(buffer[..(_heldLength + count)], own);
        return count;
    }

    public bool TryFlush()
    {
        if (EventLoop.Current is { } loop)
        {
            if (Interlocked.Exchange(ref _dirty, 1) == 0)
                loop.SendLater(this);
        }
        else
            Send();
        return true;
    }

    public void SendDeferred()
    {
        Volatile.Write(ref _dirty, 0);
        Send();
    }

    /// <summary>Sends what there is, as far as the peer takes it; the rest when it takes more.</summary>
    public void Send()
    {
        lock (_sending)
        {
            while (!_closed && !_ended && NextOutput())
            {
                var count = LinuxSockets.Send(Descriptor, _output.AsSpan(_outputSent, _outputLength - _outputSent));
                if (count < 0)
                {
                    SendFailed(LinuxSockets.LastError);
                    return;
                }
                _outputSent += count;
            }
            if (_closed || _ended)
                return;
            WaitForRoom(false);
            if (!_endAfterOutput)
                return;
            _ended = true;
            LinuxSockets.EndSending(Descriptor);
        }
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        lock (_sending)
            _packets = _packets is null ? bytes.ToArray() : [.. _packets, .. bytes.Span];
        Send();
        return ValueTask.CompletedTask;
    }

    public ValueTask CloseAsync()
    {
        lock (_sending)
            _endAfterOutput = true;
        Send();
        OnLoop(() =>
        {
            if (_closed)
                return;
            _context.Unregister(_mqtt);
            _mqtt.Ended(); // the session does not wait for the peer to end the connection, too
            _loop.RemindAfter(LingerTime, this);
        });
        return ValueTask.CompletedTask;
    }

    public void Abort() => OnLoop(CloseNow);

    /// <summary>On the loop: no CONNECT came in time, or the peer does not end the connection that we ended.</summary>
    public void DeadlinePassed()
    {
        if (_mqtt.Client is null || _endAfterOutput)
            CloseNow();
    }

    /// <summary>On the loop: the descriptor goes, and the session learns of it.</summary>
    public void CloseNow()
    {
        lock (_sending)
        {
            if (_closed)
                return;
            _closed = true;
            if (_output is not null && _outputIsSessions)
                ArrayPool<byte>.Shared.Return(_output);
            _output = null;
            LinuxSockets.Close(Descriptor);
        }
        _loop.Remove(this);
        if (_held is not null)
            ArrayPool<byte>.Shared.Return(_held);
        _held = null;
        _context.Unregister(_mqtt);
        _mqtt.Ended();
    }

    private void Take(ReadOnlySpan<byte> bytes, bool own)
    {
        var used = _mqtt.Consume(bytes);
        var rest = bytes[used..];
        if (_closed)
            return;
        if (_mqtt.Pause is { } pending)
        {
            _paused = true;
            Interest();
            _context.Track(ResumeAfterAsync(pending));
        }
        Hold(rest, own);
    }

    private void Hold(ReadOnlySpan<byte> rest, bool own)
    {
        _heldLength = rest.Length;
        if (rest.IsEmpty)
        {
            if (_held is not null)
                ArrayPool<byte>.Shared.Return(_held);
            _held = null;
            return;
        }
        if (own)
        {
            rest.CopyTo(_held);
            return;
        }
        if (_held is null || _held.Length < rest.Length)
        {
            if (_held is not null)
                ArrayPool<byte>.Shared.Return(_held);
            _held = ArrayPool<byte>.Shared.Rent(Math.Max(MinimumHeldBytes, rest.Length));
        }
        rest.CopyTo(_held);
    }

    // Twice what has really come: nothing is allocated from a length nobody sent yet.
    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_held!.Length * 2);
        _held.AsSpan(0, _heldLength).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_held);
        _held = larger;
    }

    private async Task ResumeAfterAsync(Task pending)
    {
        await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _loop.Post(Resume);
    }

    private void Resume()
    {
        if (_closed)
            return;
        _paused = false;
        Interest();
        if (_heldLength == 0)
            return;
        var held = _held!;
        var length = _heldLength;
        _held = null;
        _heldLength = 0;
        Take(held.AsSpan(0, length), own: false);
        ArrayPool<byte>.Shared.Return(held);
    }

    private bool NextOutput()
    {
        if (_output is not null)
        {
            if (_outputSent < _outputLength)
                return true;
            var written = _output;
            _output = null;
            if (_outputIsSessions)
                _mqtt.OutputWritten(written);
        }
        _outputSent = 0;
        if (_mqtt.TakeOutput(out var buffer, out _outputLength))
        {
            _output = buffer;
            _outputIsSessions = true;
            return true;
        }
        if (_packets is null)
            return false;
        _output = _packets;
        _outputLength = _packets.Length;
        _outputIsSessions = false;
        _packets = null;
        return true;
    }

    private void SendFailed(int error)
    {
        if (error is LinuxSockets.WouldBlock or LinuxSockets.Interrupted)
            WaitForRoom(true);
        else
            OnLoop(CloseNow); // the peer is gone
    }

    private void WaitForRoom(bool waits)
    {
        if (_waitsForRoom == waits)
            return;
        _waitsForRoom = waits;
        Interest();
    }

    private void Interest()
    {
        lock (_sending)
            if (!_closed)
                _loop.Interest(this, (_paused ? 0 : LinuxSockets.Readable) | (_waitsForRoom ? LinuxSockets.Writable : 0));
    }

    // Never at once, even on the loop: the caller may be in the middle of this connection's packets.
    private void OnLoop(Action action) => _loop.Post(action);
}
