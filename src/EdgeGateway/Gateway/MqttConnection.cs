using EdgeGateway.Broker;
using EdgeGateway.Messaging;
using EdgeGateway.Mqtt;
using Microsoft.Extensions.Logging;
using MQTTnet.Packets;

namespace EdgeGateway.Gateway;

/// <summary>
/// One client's connection, whatever carries it: takes in bytes (<see cref="Consume"/>), acts on each packet, writes what its session
/// has to send. The transport calls in from one reading loop; <see cref="RequestFlush"/> and <see cref="Close"/> come from any thread.
/// </summary>
internal sealed partial class MqttConnection : IClientConnection
{
    [ThreadStatic]
    private static DeliveryBurst? t_burst;

    private readonly GatewayContext _context;
    private readonly ConnectionOrigin _origin;
    private readonly ITransport _transport;
    private readonly ILogger _log;
    private readonly Guid _sessionIdentifier = Guid.NewGuid();
    private ProtocolVersion _version;
    private ClientState? _client;
    private Task? _pause;
    private int _flushing;
    private int _closing;
    private volatile bool _done;
    private DisconnectReason _cause = DisconnectReason.ConnectionLost;
    private string _why = "the transport ended";
    private bool _cleanDisconnect;

    public MqttConnection(GatewayContext context, ConnectionOrigin origin, ITransport transport, ILogger log)
    {
        _context = context;
        _origin = origin;
        _transport = transport;
        _log = log;
        ConnectedAt = context.Time.GetUtcNow();
        LastInputAt = context.Time.GetTimestamp();
    }

    /// <summary>3.1.1 until CONNECT has said.</summary>
    public ProtocolVersion Version => _version == default ? ProtocolVersion.V311 : _version;
    public string RemoteAddress => _origin.Remote?.ToString() ?? "local";
    public string PrincipalId => _client?.Principal.Id ?? "";
    public string Transport => _origin.Transport;
    public DateTimeOffset ConnectedAt { get; }

    /// <summary>True once nothing more is to be read.</summary>
    public bool IsDone => _done;

    /// <summary>Set while a CONNECT is being judged or a publisher is slowed down: await it before the next <see cref="Consume"/>.</summary>
    public Task? Pause => _pause is { IsCompleted: false } pending ? pending : null;

    internal long LastInputAt { get; private set; }

    /// <summary>Seconds without a packet after which the client counts as gone: one and a half times its keep-alive [MQTT-3.1.2-22]; 0: never.</summary>
    internal double KeepAliveLimitSeconds { get; private set; }

    internal ClientState? Client => _client;

    // One per thread, not per connection: it is empty between two calls of Consume.
    private static DeliveryBurst Burst => t_burst ??= new();

    /// <summary>Acts on every whole packet in <paramref name="bytes"/>.</summary>
    /// <returns>Bytes used; the rest must come again with more behind it.</returns>
    /// <remarks>Hot path: 0 bytes allocated per QoS 0 PUBLISH, held by budgets.json.</remarks>
    public int Consume(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        var burst = Burst;
        LastInputAt = _context.Time.GetTimestamp();
        burst.Now = _context.Router.Now;
        try
        {
            while (!_done && Pause is null && FixedHeader.TryRead(bytes[used..], out var header))
            {
                RefuseTooLarge(header);
                if (bytes.Length - used < header.PacketLength)
                    break;
                Handle(header, bytes.Slice(used + header.Length, header.RemainingLength), burst);
                used += header.PacketLength;
            }
        }
        catch (MqttProtocolException ex)
        {
            Fail(ex);
        }
        finally
        {
            burst.End(_context.Router.Metrics);
        }
        return _done ? bytes.Length : used;
    }

    /// <summary>Bytes of the packet that begins here, as far as its header has come; 0: not yet known. Saves the transport from putting a large packet together again and again.</summary>
    public static int PacketLength(ReadOnlySpan<byte> start)
    {
        for (var i = 1; i < Math.Min(start.Length, 5); i++)
            if (start[i] < 0x80)
                return FixedHeader.TryRead(start, out var header) ? header.PacketLength : 0;
        return 0;
    }

    /// <summary>The transport has ended: the session learns of it, once.</summary>
    public void Ended()
    {
        _done = true;
        if (_client is not { } client || Interlocked.Exchange(ref client.Ended, 1) == 1)
            return;
        var burst = Burst;
        _context.Sessions.Close(client.Session, this, publishWill: !_cleanDisconnect, burst);
        burst.End(_context.Router.Metrics);
        LogDisconnected(client.ClientId, RemoteAddress, LifecycleEvents.Name(_cause), _why);
        _context.Publish(_context.Events.DisconnectedAsync(client.ClientId, client.Principal.Id, _sessionIdentifier.ToString(), _cause, client.ConnectionNumber));
    }

    /// <summary>A WebSocket close frame: counts as initiated by the client, so no will is published (as in the cloud).</summary>
    public void ClosedByPeer()
    {
        if (_done)
            return;
        _cause = DisconnectReason.ClientInitiated;
        _why = "WebSocket close frame";
        _cleanDisconnect = true;
        _done = true;
    }

    public void RequestFlush()
    {
        if (_transport.TryFlush())
            return;
        if (Interlocked.Increment(ref _flushing) == 1)
            _context.Track(FlushAsync());
    }

    public void Close(ReasonCode reason, DisconnectReason cause, string why) => Close(reason, cause, why, serverReference: null);

    /// <param name="serverReference">Where the client should go instead [MQTT-3.14.2-3]; null: nowhere else.</param>
    public void Close(ReasonCode reason, DisconnectReason cause, string why, string? serverReference)
    {
        if (Interlocked.Exchange(ref _closing, 1) == 1)
            return;
        _cause = cause;
        _why = why;
        _done = true;
        _context.Track(CloseAsync(reason, serverReference));
    }

    /// <summary>For transports that pull: <see cref="Session.TakeOutput"/>.</summary>
    internal bool TakeOutput(out byte[] buffer, out int length)
    {
        if (_client is { } client)
            return client.Session.TakeOutput(this, out buffer, out length);
        buffer = [];
        length = 0;
        return false;
    }

    internal void OutputWritten(byte[] buffer) => _client!.Session.OutputWritten(this, buffer);

    private async Task FlushAsync()
    {
        var seen = 1;
        try
        {
            do
            {
                seen = Volatile.Read(ref _flushing);
                while (TakeOutput(out var buffer, out var length))
                {
                    await _transport.WriteAsync(buffer.AsMemory(0, length));
                    OutputWritten(buffer);
                }
            }
            while (Interlocked.CompareExchange(ref _flushing, 0, seen) != seen);
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or System.Net.WebSockets.WebSocketException)
        {
            LogWriteFailed(ex, RemoteAddress); // the reading side ends the connection
            _transport.Abort();
        }
    }

    private async Task CloseAsync(ReasonCode reason, string? serverReference)
    {
        if (_client is not null)
            await WaitForFlush();
        if (_client is not null && Version == ProtocolVersion.V5)
            await TryWrite(ControlPacketCodec.For(Version).Write(new MqttDisconnectPacket
            {
                ReasonCode = (MQTTnet.Protocol.MqttDisconnectReasonCode)reason,
                ReasonString = _client.WantsReasons ? _why : null,
                ServerReference = serverReference,
            }).ToArray());
        await _transport.CloseAsync();
    }

    // What is in the session's output goes first; a receiver that takes nothing does not hold up the end.
    private async Task WaitForFlush()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), _context.Time);
        while (Volatile.Read(ref _flushing) > 0 && !limit.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(5), _context.Time, CancellationToken.None);
    }

    private async Task TryWrite(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _transport.WriteAsync(bytes);
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException or System.Net.WebSockets.WebSocketException)
        {
            LogWriteFailed(ex, RemoteAddress);
        }
    }

    private void RefuseTooLarge(FixedHeader header)
    {
        // Nothing is allocated from a length nobody sent yet.
        if (header.PacketLength > _context.Broker.MaxPacketBytes)
            MqttProtocolException.Throw(ReasonCode.PacketTooLarge, $"a packet of {header.PacketLength} bytes; the limit is {_context.Broker.MaxPacketBytes} [MQTT-3.2.2-15]");
    }

    private void Handle(FixedHeader header, ReadOnlySpan<byte> body, DeliveryBurst burst)
    {
        if (_client is not { } client)
        {
            if (_authentication is not null)
                ContinueConnect(header, body);
            else if (header.Type != PacketType.Connect || _version != default)
                MqttProtocolException.ProtocolError($"{header.Type} before CONNECT [MQTT-3.1.0-1]");
            else
                Connect(header, body);
            return;
        }
        switch (header.Type)
        {
            case PacketType.Publish:
                Publish(client, header.Flags, body, burst);
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubComp:
                client.Session.OnAck(this, AckPacket.Read(header, body, Version), burst);
                break;
            case PacketType.PubRel:
                client.Session.OnPubRel(this, AckPacket.Read(header, body, Version).PacketIdentifier, burst);
                break;
            case PacketType.PingReq:
                PacketValidator.PingReq(header.Flags, body);
                client.Session.Append(this, [(byte)PacketType.PingResp << 4, 0], burst);
                break;
            default:
                HandleRare(client, header, body, burst);
                break;
        }
    }

    private void HandleRare(ClientState client, FixedHeader header, ReadOnlySpan<byte> body, DeliveryBurst burst)
    {
        var codec = ControlPacketCodec.For(Version);
        switch (header.Type)
        {
            case PacketType.Subscribe:
                Subscribe(client, codec.ReadSubscribe(header, body), burst);
                break;
            case PacketType.Unsubscribe:
                Unsubscribe(client, codec.ReadUnsubscribe(header, body), burst);
                break;
            case PacketType.Disconnect:
                Disconnect(client, codec.ReadDisconnect(header, body), body);
                break;
            case PacketType.Connect:
                MqttProtocolException.ProtocolError("a second CONNECT [MQTT-3.1.0-2]");
                break;
            case PacketType.Auth:
                ReAuthenticate(client, codec.ReadAuth(header, body));
                break;
            default:
                MqttProtocolException.Malformed($"packet type {(int)header.Type} from a client [MQTT-2.1.2-1]");
                break;
        }
    }

    private void Disconnect(ClientState client, MqttDisconnectPacket packet, ReadOnlySpan<byte> body)
    {
        if (Version == ProtocolVersion.V5 && ControlPacketCodec.SessionExpiryOfDisconnect(body) is { } seconds)
            client.Session.ChangeExpiry(_context.Expiry(seconds));
        _cleanDisconnect = packet.ReasonCode == MQTTnet.Protocol.MqttDisconnectReasonCode.NormalDisconnection;
        _cause = DisconnectReason.ClientInitiated;
        _why = "DISCONNECT";
        _done = true;
        if (Interlocked.Exchange(ref _closing, 1) == 0)
            _context.Track(CloseTransportAsync());
    }

    private async Task CloseTransportAsync() => await _transport.CloseAsync();

    // Before the client is let in the answer is CONNACK, in the version its CONNECT announced; 3.1.1 has no words for most of it.
    private void Fail(MqttProtocolException fault)
    {
        LogProtocolFault(_client?.ClientId ?? "?", RemoteAddress, fault.Reason, fault.Message);
        if (_client is null && (_version != default || fault.Reason is ReasonCode.UnsupportedProtocolVersion or ReasonCode.ClientIdentifierNotValid)
            && (Version == ProtocolVersion.V5 || HasReturnCode(fault.Reason)))
            Refuse(fault.Reason, fault.Message);
        else
            Close(fault.Reason, DisconnectReason.ClientError, fault.Message);
    }

    [LoggerMessage(1001, LogLevel.Information, "{ClientId} at {Address} broke the protocol ({Reason}): {Detail}")]
    private partial void LogProtocolFault(string clientId, string address, ReasonCode reason, string detail);

    [LoggerMessage(1002, LogLevel.Debug, "Writing to {Address} failed")]
    private partial void LogWriteFailed(Exception exception, string address);

    [LoggerMessage(1003, LogLevel.Information, "{ClientId} connected from {Address} as {Principal} ({Version} over {Transport})")]
    private partial void LogConnected(string clientId, string address, string principal, ProtocolVersion version, string transport);

    [LoggerMessage(1004, LogLevel.Information, "{ClientId} at {Address} disconnected: {Cause}, {Why}")]
    private partial void LogDisconnected(string clientId, string address, string cause, string why);

    [LoggerMessage(1005, LogLevel.Information, "{ClientId} at {Address} was refused ({Reason}): {Detail}")]
    private partial void LogRefused(string clientId, string address, ReasonCode reason, string detail);
}
