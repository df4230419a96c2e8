using System.Net.WebSockets;
using System.Threading.Channels;
using EdgeGateway.Pages.Mqtt;

namespace EdgeGateway.Pages.Live;

/// <summary>
/// The pages' one subscription to the broker: connects, subscribes to what the open page listens for, hands each message out,
/// and comes back by itself. QoS 0 and a clean session, because what was missed is read over HTTP anyway.
/// </summary>
/// <remarks>The browser runs all of it on one thread: no locks.</remarks>
internal sealed class LiveFeed(IMqttDialer dialer, TimeProvider time, Backoff backoff) : IAsyncDisposable
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);
    private readonly List<Listener> _listeners = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly string _clientId = $"console-{Guid.NewGuid():N}"[..16];
    private Channel<byte[]>? _outgoing;
    private ushort _packetIdentifier;
    private Task _running = Task.CompletedTask;

    /// <summary>After each change of <see cref="State"/>.</summary>
    public event Action? Changed;

    public LiveState State { get; private set; } = LiveState.Connecting;

    /// <summary>When the next attempt is due, while <see cref="LiveState.Waiting"/>.</summary>
    public DateTimeOffset NextAttempt { get; private set; }

    /// <summary>Why the last connection ended; null while all is well.</summary>
    public string? LastFault { get; private set; }

    public string ClientId => _clientId;

    public void Start() => _running = _running.IsCompleted && !_stop.IsCancellationRequested ? RunAsync(_stop.Token) : _running;

    /// <summary>Hears every message that matches, until disposed. Retained messages come first, as the broker sends them.</summary>
    public IDisposable Listen(string filter, Action<LiveMessage> heard)
    {
        var listener = new Listener(this, filter, heard);
        var isNew = !_listeners.Any(other => other.Filter == filter);
        _listeners.Add(listener);
        if (isNew)
            Send(MqttFrameWriter.Subscribe(NextPacketIdentifier(), [filter]));
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            Become(LiveState.Connecting);
            try
            {
                await using var channel = await DialAsync(cancellationToken);
                await ServeAsync(channel, cancellationToken);
                LastFault = "the gateway closed the connection";
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception ex) when (ex is WebSocketException or MqttFormatException or TimeoutException or IOException or OperationCanceledException)
            {
                LastFault = ex.Message;
            }
            _outgoing = null;
            var wait = backoff.Next();
            NextAttempt = time.GetUtcNow() + wait;
            Become(LiveState.Waiting);
            try
            {
                await Task.Delay(wait, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<IMqttChannel> DialAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AnswerTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        return await dialer.DialAsync(either.Token);
    }

    /// <summary>From CONNECT to the end of one connection; its sender ends with it.</summary>
    private async Task ServeAsync(IMqttChannel channel, CancellationToken cancellationToken)
    {
        using var connection = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var silence = new CancellationTokenSource(AnswerTimeout, time);             // renewed by each byte that arrives
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(connection.Token, silence.Token);
        var sender = Task.CompletedTask;
        try
        {
            await channel.SendAsync(MqttFrameWriter.Connect(_clientId, (ushort)KeepAlive.TotalSeconds), ended.Token);
            var reader = new MqttFrameReader();
            var buffer = new byte[16 * 1024];
            while (await channel.ReceiveAsync(buffer, ended.Token) is > 0 and var count)
            {
                silence.CancelAfter(KeepAlive + AnswerTimeout);
                reader.Append(buffer.AsSpan(0, count));
                while (reader.TryRead(out var frame))
                {
                    if (frame.Type == MqttFrameType.ConnAck)
                        sender = Accept(frame, channel, connection);
                    else
                        Take(frame);
                }
            }
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("no answer from the gateway");
        }
        finally
        {
            await connection.CancelAsync();
            await sender;
        }
    }

    private Task Accept(MqttFrame frame, IMqttChannel channel, CancellationTokenSource connection)
    {
        if (frame.Body.Length < 2)
            throw new MqttFormatException("CONNACK cut short");
        if (frame.Body.Span[1] is not 0 and var code)
            throw new MqttFormatException(code is 4 or 5 ? "the gateway does not let this page read messages" : $"the gateway refused with code {code}");
        // Wait: a full queue means that the socket has stopped taking bytes, and the connection is given up (see Send).
        _outgoing = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(32) { FullMode = BoundedChannelFullMode.Wait });
        var filters = _listeners.Select(listener => listener.Filter).Distinct().ToArray();
        if (filters.Length > 0)
            Send(MqttFrameWriter.Subscribe(NextPacketIdentifier(), filters));
        backoff.Reset();
        LastFault = null;
        var sender = SendAsync(channel, _outgoing.Reader, connection);
        Become(LiveState.Live);
        return sender;
    }

    private void Take(MqttFrame frame)
    {
        if (frame.Type == MqttFrameType.Publish)
            Deliver(PublishReader.Read(frame, time.GetUtcNow()));
        else if (frame.Type is not (MqttFrameType.SubAck or MqttFrameType.UnsubAck or MqttFrameType.PingResp))
            throw new MqttFormatException($"packet type {(int)frame.Type} is not for a client");
    }

    private void Deliver(LiveMessage message)
    {
        foreach (var listener in _listeners.ToArray())                                  // a listener may leave while it hears
        {
            if (TopicMatch.IsMatch(listener.Filter, message.Topic))
                listener.Heard(message);
        }
    }

    /// <summary>Sends what is queued, and a ping when nothing was for the keep-alive time. A failure ends the connection.</summary>
    private async Task SendAsync(IMqttChannel channel, ChannelReader<byte[]> outgoing, CancellationTokenSource connection)
    {
        try
        {
            while (true)
            {
                await channel.SendAsync(await NextAsync(outgoing, connection.Token) ?? MqttFrameWriter.PingReq, connection.Token);
            }
        }
        catch (OperationCanceledException) when (connection.IsCancellationRequested)
        {
            // The connection is over.
        }
        catch (Exception ex) when (ex is WebSocketException or IOException or InvalidOperationException or ChannelClosedException)
        {
            LastFault = ex.Message;
            await connection.CancelAsync();
        }
    }

    private async Task<byte[]?> NextAsync(ChannelReader<byte[]> outgoing, CancellationToken cancellationToken)
    {
        using var idle = new CancellationTokenSource(KeepAlive / 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        try
        {
            return await outgoing.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private void Send(byte[] frame)
    {
        if (_outgoing is { } outgoing && !outgoing.Writer.TryWrite(frame))
            outgoing.Writer.TryComplete();                                             // the sender sees it closed and ends the connection
    }

    private ushort NextPacketIdentifier() => _packetIdentifier = _packetIdentifier == ushort.MaxValue ? (ushort)1 : (ushort)(_packetIdentifier + 1);

    private void Leave(Listener listener)
    {
        if (_listeners.Remove(listener) && !_listeners.Any(other => other.Filter == listener.Filter))
            Send(MqttFrameWriter.Unsubscribe(NextPacketIdentifier(), listener.Filter));
    }

    private void Become(LiveState state)
    {
        State = state;
        Changed?.Invoke();
    }

    private sealed class Listener(LiveFeed feed, string filter, Action<LiveMessage> heard) : IDisposable
    {
        public string Filter => filter;

        public void Heard(LiveMessage message) => heard(message);

        public void Dispose() => feed.Leave(this);
    }
}
