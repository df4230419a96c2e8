using System.Text;
using EdgeGateway.Identity;
using EdgeGateway.Messaging;
using EdgeGateway.Mqtt;

namespace EdgeGateway.Broker;

/// <summary>
/// What the broker keeps for one client id (MQTT 5.0 §4.1): subscriptions, messages in flight and waiting, QoS 2 identifiers, the will,
/// and, while the client is connected, its output. Lives as long as the connection or the session expiry, whichever ends later.
/// <para>Delivery is called on publishers' threads: it lays the packet into <see cref="_output"/> under the session's lock, and the
/// burst that did it asks the connection to flush once. What the client cannot take now (receive maximum, slow socket) waits in
/// <see cref="_pending"/> by reference and moves on when an acknowledgement comes or the output was written.</para>
/// </summary>
public sealed partial class Session
{
    private readonly Lock _gate = new(); // guards everything below; never held while another session's is taken, or across an await
    private readonly Dictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);
    private readonly BrokerOptions _options;
    private readonly Router _router;
    private IClientConnection? _connection;
    private IConnectionAuthority? _authority;
    private long _expiryMilliseconds;
    private long _expiresAt = long.MaxValue;
    private bool _ended;

    // Attached, but CONNACK is not laid out yet: nothing else may go before it.
    private bool _isOpening;

    internal Session(uint number, string clientId, BrokerOptions options, Router router)
    {
        Number = number;
        ClientId = clientId;
        _options = options;
        _router = router;
    }

    public string ClientId { get; }

    /// <summary>Stands for the session in the broker's log; never given twice.</summary>
    internal uint Number { get; }

    /// <summary>True while a client is connected.</summary>
    public bool IsConnected => _connection is not null;

    /// <summary>Outlives its connection.</summary>
    public bool IsPersistent => Volatile.Read(ref _expiryMilliseconds) > 0;

    internal Will? Will { get; private set; }

    /// <summary>Unix milliseconds at which the will goes out; <see cref="long.MaxValue"/>: none is waiting.</summary>
    internal long WillDueAt { get; private set; } = long.MaxValue;

    /// <summary>Unix milliseconds at which the session ends; <see cref="long.MaxValue"/>: never, or connected.</summary>
    internal long ExpiresAt => Volatile.Read(ref _expiresAt);

    internal IClientConnection? Connection => _connection;

    /// <summary>How busy a member of a shared subscription is: fewer is better; whoever is away comes last.</summary>
    internal int Load
    {
        get
        {
            lock (_gate)
                return _ended ? int.MaxValue : _connection is null ? IsPersistent ? int.MaxValue - 1 : int.MaxValue
                    : _inflight.Count + _pending.Count + (_outputLength > _options.SlowReceiverBytes ? 100_000 : 0);
        }
    }

    /// <summary>A snapshot for people.</summary>
    public SessionView View()
    {
        lock (_gate)
            return new(ClientId, _connection, IsPersistent, [.. _subscriptions.Values.Select(static entry => entry.View())], _pending.Count, _pendingBytes, _inflight.Count, _dropped);
    }

    /// <summary>What waits for it and what is in flight, the oldest first.</summary>
    /// <param name="limit">At most so many entries of the queue.</param>
    internal IReadOnlyList<QueueEntryView> Queue(int limit)
    {
        lock (_gate)
            return
            [
                .. _inflight.OrderBy(static pair => pair.Value.Sequence).Select(static pair => new QueueEntryView(
                    pair.Value.Message is { } message ? Encoding.UTF8.GetString(message.Topic) : null, pair.Value.Delivery.QualityOfService, pair.Value.Message?.Payload.Length, pair.Key, pair.Value.State.ToString())),
                .. _pending.Take(limit).Select(static waiting => new QueueEntryView(
                    waiting.Message is { } message ? Encoding.UTF8.GetString(message.Topic) : null, waiting.Delivery.QualityOfService, waiting.Message?.Payload.Length, 0, "Waiting")),
            ];
    }

    /// <summary>The client may receive this topic (<c>iot:Receive</c>), asked when a route is made.</summary>
    internal bool MayReceive(ReadOnlySpan<byte> topic) => _authority is not { } authority || authority.MayReceive(topic);

    /// <summary>Puts a connection on top; another one still there is told to go [MQTT-3.1.4-3].</summary>
    /// <returns>The connection that was there.</returns>
    internal IClientConnection? Attach(IClientConnection connection, IConnectionAuthority authority, SessionParameters parameters, DeliveryBurst burst)
    {
        lock (_gate)
        {
            var previous = _connection;
            _connection = connection;
            _authority = authority;
            _version = connection.Version;
            _sendQuota = Math.Min(parameters.ReceiveMaximum, _options.ReceiveMaximum);
            _maximumPacketSize = parameters.MaximumPacketSize;
            _aliases = parameters.TopicAliasMaximum > 0 && _version == ProtocolVersion.V5 ? new(Math.Min(parameters.TopicAliasMaximum, _options.TopicAliasMaximum)) : null;
            _expiryMilliseconds = parameters.Expiry == TimeSpan.MaxValue ? long.MaxValue : (long)parameters.Expiry.TotalMilliseconds;
            Volatile.Write(ref _expiresAt, long.MaxValue);
            Will = parameters.Will;
            WillDueAt = long.MaxValue;
            _outputLength = 0;
            _flushWanted = false;
            _acks.Clear();
            _isOpening = true;
            (_backlog, _drainTokens) = (_pending.Count, _options.DrainRate);
            burst.Note(WriteState(), Durability.Sync);
            return previous;
        }
    }

    /// <summary>Sends again what was in flight, with DUP and the same identifiers, in the original order [MQTT-4.4.0-1], [MQTT-4.6.0-1].</summary>
    internal void Resume(DeliveryBurst burst)
    {
        lock (_gate)
        {
            _isOpening = false;
            foreach (var (id, entry) in _inflight.Count == 0 ? [] : _inflight.OrderBy(static pair => pair.Value.Sequence).ToArray())
            {
                if (entry.IsHeld)
                    continue; // goes when the log has it
                if (entry.State == InflightState.AwaitingPubComp)
                    AppendAck(new(PacketType.PubRel, id, ReasonCode.Success));
                else if (entry.Message is { } message)
                    AppendPublish(message, entry.Delivery, id, duplicate: true, burst);
            }
            ReleaseHeld(burst);
            Pump(burst);
            WantFlush(burst);
        }
    }

    /// <summary>Takes the connection off, unless another one has taken its place.</summary>
    /// <param name="now">Unix milliseconds.</param>
    /// <returns>True: this was the session's connection.</returns>
    internal bool Detach(IClientConnection connection, bool publishWill, long now)
    {
        lock (_gate)
        {
            if (_connection != connection)
                return false;
            _connection = null;
            _authority = IsPersistent ? _authority : null;
            ReturnOutput();
            Volatile.Write(ref _expiresAt, _expiryMilliseconds == long.MaxValue ? long.MaxValue : now + _expiryMilliseconds);
            if (!publishWill)
                Will = null;
            else if (Will is { } will)
                WillDueAt = Math.Min(now + (will.DelaySeconds * 1000L), ExpiresAt);
            DropQosZero();
            _awaySince = now;
            WriteState();
            return true;
        }
    }

    /// <summary>DISCONNECT may change the session expiry, but not from 0 (MQTT 5.0 §3.14.2.2.2).</summary>
    internal void ChangeExpiry(TimeSpan expiry)
    {
        lock (_gate)
        {
            if (_expiryMilliseconds == 0 && expiry > TimeSpan.Zero)
                MqttProtocolException.ProtocolError("session expiry raised from 0 by DISCONNECT (MQTT 5.0 §3.14.2.2.2)");
            _expiryMilliseconds = expiry == TimeSpan.MaxValue ? long.MaxValue : (long)expiry.TotalMilliseconds;
            WriteState();
        }
    }

    /// <summary>An operator wants it forgotten: it ends with its connection.</summary>
    internal void EndWithConnection()
    {
        lock (_gate)
        {
            _expiryMilliseconds = 0;
            WriteState();
        }
    }

    /// <summary>Takes the will to publish it, once.</summary>
    internal Will? TakeWill()
    {
        lock (_gate)
        {
            var will = Will;
            Will = null;
            WillDueAt = long.MaxValue;
            if (will is not null && !_ended)
                WriteState();
            return will;
        }
    }

    /// <summary>Ends the session: subscriptions out of the index, messages given back or handed to others of their group.</summary>
    internal void End(SubscriptionIndex index, DeliveryBurst burst)
    {
        Subscription[] subscriptions;
        lock (_gate)
        {
            if (_ended)
                return;
            _ended = true;
            if (_isJournaled)
                _router.Journal!.Ended(this);
            _isJournaled = false;
            subscriptions = [.. _subscriptions.Values];
            _subscriptions.Clear();
        }
        foreach (var subscription in subscriptions)
            index.Remove(subscription);
        List<(SharedGroup Group, MessageBuffer Message)> shared = [];
        lock (_gate)
        {
            foreach (var entry in _inflight.Values.OrderBy(static entry => entry.Sequence))
                GiveBack(entry.Message, entry.Delivery.Group, shared);
            while (_pending.Count > 0)
            {
                var waiting = Dequeue();
                GiveBack(waiting.Stored is null || waiting.Delivery.Group is not null ? Fetch(waiting) : null, waiting.Delivery.Group, shared);
            }
            _inflight.Clear();
            _held.Clear();
            ReturnOutput();
        }
        foreach (var (group, message) in shared)
        {
            MessageBuffer? reuse = message;
            group.Deliver(message.View(), ref reuse, _router, burst, except: this);
            message.Release();
        }
    }

    private static void GiveBack(MessageBuffer? message, SharedGroup? group, List<(SharedGroup, MessageBuffer)> shared)
    {
        if (message is null)
            return;
        if (group is null)
            message.Release();
        else
            shared.Add((group, message));
    }
}
