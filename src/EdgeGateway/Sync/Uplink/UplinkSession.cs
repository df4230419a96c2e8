using System.Threading.Channels;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;
using EdgeGateway.Sync.Store;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace EdgeGateway.Sync.Uplink;

/// <summary>
/// One connection's life: sends what waits in order within the window, settles what is acknowledged, hands in what comes down.
/// Order holds because one loop takes and sends, the connection keeps its order, and after a break everything unsettled is taken
/// again from the oldest. While a refused message is tried again nothing new is taken, so that it is not overtaken further.
/// </summary>
internal sealed class UplinkSession : IUplinkSession
{
    private const int InboundCapacity = 200;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1), PingTimeout = TimeSpan.FromSeconds(20), CredentialsLook = TimeSpan.FromSeconds(30);
    private readonly UplinkParts _parts;
    private readonly IUplink _link;
    private readonly UplinkTerms _terms;
    private readonly int _window;
    private readonly BandwidthCap _bandwidth;
    private readonly Signal _signal = new();
    private readonly SemaphoreSlim _sending = new(1, 1); // one packet at a time on the wire
    private readonly Channel<MqttPublishPacket> _inbound = Channel.CreateBounded<MqttPublishPacket>(InboundCapacity); // full: reading stops, and the upstream waits
    private readonly Lock _gate = new(); // guards the fields below
    private readonly Dictionary<ushort, InFlight> _inFlight = [];
    private readonly Queue<InFlight> _bySendTime = new();
    private readonly Queue<Retry> _retries = new();
    private ushort _lastId;
    private long _lastSent, _pingSent, _sendStarted;
    private UpstreamFault? _fault;
    private bool _toldUsedUp;
    private CancellationTokenSource? _abort;

    /// <param name="window">Messages on their way at most, besides the upstream's own limit.</param>
    public UplinkSession(UplinkParts parts, IUplink link, UplinkTerms terms, int window)
    {
        _parts = parts;
        _link = link;
        _terms = terms;
        _window = Math.Min(window, terms.ReceiveMaximum);
        _bandwidth = new(parts.Options.Bandwidth, parts.Time);
        _lastSent = parts.Time.GetTimestamp();
    }

    /// <summary>Messages the upstream took in this connection.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>After the end: what was on its way.</summary>
    public IReadOnlyList<QueuedMessage> Unacknowledged
    {
        get
        {
            lock (_gate)
                return [.. _inFlight.Values.Select(static each => each.Message)];
        }
    }

    /// <summary>Runs until the connection ends.</summary>
    /// <returns>Why it ended.</returns>
    /// <exception cref="OperationCanceledException">The gateway stops; the upstream was told.</exception>
    public async Task<UpstreamFault> RunAsync(CancellationToken cancellationToken)
    {
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _abort = abort;
        _parts.Outbox.Stored += _signal.Set;
        var receiving = ReceiveAsync(abort.Token);
        var delivering = DeliverAsync(abort.Token);
        var watching = WatchCredentialsAsync(abort.Token);
        try
        {
            using var timer = _parts.Time.CreateTimer(_ => OnTick(), null, Tick, Tick);
            await SubscribeAsync(abort.Token);
            await SendLoopAsync(abort.Token);
        }
        catch (UpstreamException ex)
        {
            End(ex.Fault);
        }
        catch (IOException ex)
        {
            End(UplinkFaults.StoreFailed(ex)); // the progress cannot be noted: sending on would repeat messages unmarked
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // ended by another loop, which left the reason
        }
        finally
        {
            _parts.Outbox.Stored -= _signal.Set;
            if (cancellationToken.IsCancellationRequested)
                await SayGoodbyeAsync();
            await abort.CancelAsync();
            await _link.DisposeAsync();
            await Task.WhenAll(receiving, delivering, watching);
            _abort = null;
        }
        return _fault ?? UplinkFaults.Closed;
    }

    // New files are tried beside the connection; only if the upstream takes them does this one end, and the next uses them.
    private async Task WatchCredentialsAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(CredentialsLook, _parts.Time);
            while (await timer.WaitForNextTickAsync(cancellationToken))
                if (_link.HasNewCredentials())
                {
                    if (await _link.TryCredentialsAsync(cancellationToken) is { } fault)
                        _parts.Board.Report(UplinkFaults.NewCredentialsRefused(fault));
                    else
                        End(UplinkFaults.Renewed);
                }
        }
        catch (OperationCanceledException)
        {
            // the session ends
        }
    }

    private async Task SendLoopAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await PingIfDueAsync(cancellationToken);
            while (await TrySendOneAsync(cancellationToken))
            {
            }
            await _signal.WaitAsync(cancellationToken);
        }
    }

    private async ValueTask<bool> TrySendOneAsync(CancellationToken cancellationToken)
    {
        Retry? retry = null;
        lock (_gate)
        {
            if (_inFlight.Count >= _window || !_bandwidth.MaySend)
                return false;
            if (_retries.TryPeek(out var first))
            {
                if (_parts.Time.GetElapsedTime(first.NotBefore) < TimeSpan.Zero)
                    return false;
                retry = _retries.Dequeue();
            }
        }
        if (retry is not null)
        {
            retry.Timer.Dispose();
            var buffer = Array.Empty<byte>();
            if (retry.Message.Queue.TryReadAgain(retry.Message, ref buffer, out var again))
                await SendAsync(retry.Message, again, resent: true, cancellationToken);
            else
                _parts.Outbox.Acknowledge(retry.Message); // given up meanwhile by a full store
            return true;
        }
        if (!_parts.Outbox.TryTake(_parts.LeastClass(ref _toldUsedUp), out var message, out var record))
            return false;
        await SendAsync(message, record, message.MaybeSent, cancellationToken);
        return true;
    }

    private async Task SendAsync(QueuedMessage message, LogRecord record, bool resent, CancellationToken cancellationToken)
    {
        var packet = UplinkMessages.ToPacket(record, resent, _parts, _terms);
        if (packet is null)
        {
            _parts.Outbox.Acknowledge(message); // its own expiry interval is over
            return;
        }
        var bytes = UplinkMessages.WireBytes(record, packet);
        if (Objection(packet, bytes) is { } objection)
        {
            _parts.Park(message, record, objection);
            return;
        }
        lock (_gate)
        {
            _bandwidth.Spend(bytes);
            _parts.Budget.Spend(bytes);
            packet.PacketIdentifier = NextId();
            var sent = new InFlight(message, packet.PacketIdentifier, packet.Topic, _parts.Time.GetTimestamp());
            _inFlight.Add(sent.Id, sent);
            _bySendTime.Enqueue(sent);
        }
        await WriteAsync(packet, cancellationToken);
    }

    // What the upstream said, or is known, never to take.
    private string? Objection(MqttPublishPacket packet, int bytes)
    {
        if (bytes > _terms.MaximumPacketBytes)
            return $"larger than the {_terms.MaximumPacketBytes} bytes the upstream takes";
        if (_parts.Options.Kind != UpstreamKind.AwsIot)
            return null;
        return System.Text.Encoding.UTF8.GetByteCount(packet.Topic) > 256 ? "AWS IoT Core takes topics of at most 256 bytes"
            : packet.Topic.AsSpan().Count('/') > 7 ? "AWS IoT Core takes topics of at most 7 slashes" : null;
    }

    private async Task WriteAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            Interlocked.Exchange(ref _sendStarted, _parts.Time.GetTimestamp());
            await _link.SendAsync(packet, cancellationToken);
            Interlocked.Exchange(ref _lastSent, _parts.Time.GetTimestamp());
        }
        finally
        {
            Interlocked.Exchange(ref _sendStarted, 0);
            _sending.Release();
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _link.ReceiveAsync(cancellationToken) is { } packet)
                switch (packet)
                {
                    case MqttPubAckPacket acknowledged:
                        OnAcknowledged(acknowledged);
                        break;
                    case MqttPublishPacket published:
                        _parts.Budget.Spend(published.Topic.Length + (int)published.Payload.Length);
                        await _inbound.Writer.WriteAsync(published, cancellationToken);
                        break;
                    case MqttPingRespPacket:
                        Interlocked.Exchange(ref _pingSent, 0);
                        break;
                    case MqttSubAckPacket subscribed:
                        OnSubscribed(subscribed);
                        break;
                    case MqttDisconnectPacket disconnected:
                        End(UplinkFaults.Disconnected(disconnected));
                        return;
                }
            End(UplinkFaults.Closed);
        }
        catch (UpstreamException ex)
        {
            End(ex.Fault);
        }
        catch (OperationCanceledException)
        {
            // the session ends
        }
    }

    private void OnAcknowledged(MqttPubAckPacket packet)
    {
        InFlight? answered;
        lock (_gate)
            if (!_inFlight.Remove(packet.PacketIdentifier, out answered))
                return; // a repeated acknowledgement
        answered.IsAnswered = true;
        if ((byte)packet.ReasonCode < 0x80)
        {
            Acknowledged++;
            _parts.Refusals.Accepted(answered.Message.Queue.Class, answered.Message.Position);
            _parts.Outbox.Acknowledge(answered.Message);
        }
        else if (packet.ReasonCode == MqttPubAckReasonCode.QuotaExceeded)
            End(UplinkFaults.PublishQuota(packet.ReasonString));
        else
            OnRefused(answered, packet);
        _signal.Set();
    }

    private void OnRefused(InFlight refused, MqttPubAckPacket packet)
    {
        var reason = $"refused by the upstream: {packet.ReasonCode}{(packet.ReasonString is { Length: > 0 } said ? $" ({said})" : "")}";
        if (_parts.Refusals.Refused(refused.Message.Queue.Class, refused.Message.Position, refused.Topic) is { } pause)
        {
            var timer = _parts.Time.CreateTimer(_ => _signal.Set(), null, pause, Timeout.InfiniteTimeSpan);
            lock (_gate)
                _retries.Enqueue(new(refused.Message, _parts.Time.GetTimestamp() + (long)(pause.TotalSeconds * _parts.Time.TimestampFrequency), timer));
            return;
        }
        var buffer = Array.Empty<byte>();
        if (refused.Message.Queue.TryReadAgain(refused.Message, ref buffer, out var record))
            _parts.Park(refused.Message, record, reason);
        else
            _parts.Outbox.Acknowledge(refused.Message);
    }

    private async Task SubscribeAsync(CancellationToken cancellationToken)
    {
        if (_parts.Options.Down.Count == 0)
            return;
        var packet = new MqttSubscribePacket();
        lock (_gate)
            packet.PacketIdentifier = NextId();
        foreach (var route in _parts.Options.Down)
            packet.TopicFilters.Add(new()
            {
                Topic = route.Filter,
                QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
                NoLocal = _parts.Options.IsVersion5 && !route.Filter.StartsWith("$share/", StringComparison.Ordinal), // [MQTT-3.8.3-4]
                RetainAsPublished = _parts.Options.IsVersion5,
                RetainHandling = _parts.Options.IsVersion5 ? MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly : MqttRetainHandling.SendAtSubscribe,
            });
        await WriteAsync(packet, cancellationToken);
    }

    private void OnSubscribed(MqttSubAckPacket packet)
    {
        for (var i = 0; i < packet.ReasonCodes.Count && i < _parts.Options.Down.Count; i++)
            if ((byte)packet.ReasonCodes[i] >= 0x80)
                _parts.Board.Report(UplinkFaults.SubscriptionRefused(_parts.Options.Down[i].Filter, packet.ReasonCodes[i]));
    }

    private async Task DeliverAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var packet in _inbound.Reader.ReadAllAsync(cancellationToken))
                await DeliverOneAsync(packet, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // the session ends
        }
        catch (UpstreamException ex)
        {
            End(ex.Fault);
        }
    }

    private async Task DeliverOneAsync(MqttPublishPacket packet, CancellationToken cancellationToken)
    {
        var route = _parts.Options.Down.FirstOrDefault(route => Topics.Matches(WithoutShare(route.Filter), packet.Topic));
        var topic = route is null ? packet.Topic : packet.Topic[route.StripPrefix.Length..];
        var code = MqttPubAckReasonCode.Success;
        if (!Topics.IsValidName(topic))
            code = MqttPubAckReasonCode.TopicNameInvalid;
        else if (UplinkMessages.FromPacket(packet, topic, _parts.Options.Name, _parts.GatewayName) is { } message
            && await _parts.Bus.PublishAsync(message, cancellationToken) == PublishOutcome.Refused)
            code = MqttPubAckReasonCode.QuotaExceeded;
        // Without a reason code (3.1.1) silence is the only refusal: the upstream sends it again after the next connect.
        if (packet.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce && (code == MqttPubAckReasonCode.Success || _parts.Options.IsVersion5))
            await WriteAsync(new MqttPubAckPacket { PacketIdentifier = packet.PacketIdentifier, ReasonCode = code }, cancellationToken);
    }

    private static string WithoutShare(string filter) =>
        filter.StartsWith("$share/", StringComparison.Ordinal) && filter.IndexOf('/', 7) is > 0 and var slash ? filter[(slash + 1)..] : filter;

    private async Task PingIfDueAsync(CancellationToken cancellationToken)
    {
        if (_pingSent != 0 || _parts.Time.GetElapsedTime(Interlocked.Read(ref _lastSent)) < _terms.KeepAlive / 2)
            return;
        Interlocked.Exchange(ref _pingSent, _parts.Time.GetTimestamp());
        await WriteAsync(MqttPingReqPacket.Instance, cancellationToken);
    }

    private async Task SayGoodbyeAsync()
    {
        using var brief = new CancellationTokenSource(TimeSpan.FromSeconds(1), _parts.Time);
        try
        {
            await WriteAsync(new MqttDisconnectPacket { ReasonCode = MqttDisconnectReasonCode.NormalDisconnection }, brief.Token);
        }
        catch (Exception ex) when (ex is UpstreamException or OperationCanceledException)
        {
            // it is gone already
        }
    }

    private void OnTick()
    {
        var timeout = _parts.Options.AcknowledgeTimeout;
        var sending = Interlocked.Read(ref _sendStarted);
        var pinged = Interlocked.Read(ref _pingSent);
        InFlight? oldest;
        lock (_gate)
        {
            while (_bySendTime.TryPeek(out oldest) && oldest.IsAnswered)
                _bySendTime.Dequeue();
        }
        if ((oldest is not null && _parts.Time.GetElapsedTime(oldest.SentAt) > timeout) || (sending != 0 && _parts.Time.GetElapsedTime(sending) > timeout))
            End(UplinkFaults.NotAcknowledging(timeout));
        else if (pinged != 0 && _parts.Time.GetElapsedTime(pinged) > PingTimeout)
            End(UplinkFaults.Silent);
        _signal.Set();
    }

    private void End(UpstreamFault fault)
    {
        lock (_gate)
            _fault ??= fault;
        try
        {
            _abort?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // over already
        }
    }

    private ushort NextId()
    {
        do
            _lastId++;
        while (_lastId == 0 || _inFlight.ContainsKey(_lastId));
        return _lastId;
    }

    private sealed class InFlight(QueuedMessage message, ushort id, string topic, long sentAt)
    {
        public QueuedMessage Message { get; } = message;
        public ushort Id { get; } = id;
        public string Topic { get; } = topic;
        public long SentAt { get; } = sentAt;
        public bool IsAnswered { get; set; }
    }

    private sealed record Retry(QueuedMessage Message, long NotBefore, ITimer Timer);
}
