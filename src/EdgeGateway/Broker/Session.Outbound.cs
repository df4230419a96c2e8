using System.Buffers;
using EdgeGateway.Messaging;
using EdgeGateway.Mqtt;

namespace EdgeGateway.Broker;

/// <content>From the broker to the client: window, queue, output buffer.</content>
public sealed partial class Session
{
    private const int FirstOutputBytes = 512;
    private const int MaxUsualOutputBytes = 64 << 10;
    private readonly Dictionary<ushort, Inflight> _inflight = [];
    private readonly Queue<Pending> _pending = new();
    private ProtocolVersion _version;
    private TopicAliases? _aliases;
    private byte[]? _output;
    private int _outputLength;
    private int _usualOutputBytes = FirstOutputBytes;
    private bool _flushWanted;
    private int _sendQuota;
    private uint _maximumPacketSize = uint.MaxValue;
    private ushort _lastIdentifier;
    private long _sequence;
    private long _pendingBytes;
    private int _retainedPending;
    private long _retainedEpoch;
    private long _dropped;

    // QoS 2 messages that are in flight for the log but not yet for the client: its identifier must be durable before the client sees it.
    private readonly List<Held> _held = [];

    // Waiting QoS 2 messages whose own exchange with their publisher is not yet whole in the log. One that went out now would be taken back
    // by a log that ends here, come again from its publisher, and go out a second time under another identifier.
    private List<long>? _open;

    /// <summary>Messages in flight to the client and waiting for it.</summary>
    internal (int InFlight, int Queued) Counts
    {
        get
        {
            lock (_gate)
                return (_inflight.Count, _pending.Count);
        }
    }

    /// <summary>Gives the client a message, now or later.</summary>
    /// <param name="view">Borrowed for the call.</param>
    /// <param name="shared">The one stored copy of the message, made by the first receiver that needs it; the caller holds its reference.</param>
    /// <returns>False: the client is away and nothing is kept for it.</returns>
    /// <remarks>Hot path: 0 bytes allocated at QoS 0, held by budgets.json.</remarks>
    internal bool Deliver(in MessageView view, ref MessageBuffer? shared, in Delivery delivery, Router router, DeliveryBurst burst)
    {
        lock (_gate)
        {
            if (_ended)
                return false;
            if (delivery.QualityOfService == QualityOfService.AtMostOnce && _retainedPending == 0)
            {
                if (_connection is null || _isOpening)
                    return false;
                if (_outputLength > _options.SlowReceiverBytes)
                    Drop(burst);
                else if (AppendPublish(view, router.ExpiryOf(view, out var expiryOffset), expiryOffset, delivery, 0, duplicate: false, burst))
                    WantFlush(burst);
                return true;
            }
            if (_connection is null && (!IsPersistent || delivery.QualityOfService == QualityOfService.AtMostOnce))
                return false;
            shared ??= router.Copy(view, burst);
            if (_connection is not null && !_isOpening && _pending.Count == 0 && HasRoom)
            {
                Send(shared.AddReference(), delivery, isJournaled: false, burst);
                WantFlush(burst);
            }
            else
                Enqueue(shared.AddReference(), delivery, isRetainedCopy: false, burst);
            return true;
        }
    }

    /// <summary>Queues copies of retained messages behind the SUBACK (MQTT 5.0 §3.8.4); takes over the references.</summary>
    internal void DeliverRetained(List<MessageBuffer> messages, Subscription subscription, DeliveryBurst burst)
    {
        int[]? identifiers = subscription.Identifier == 0 ? null : [subscription.Identifier];
        lock (_gate)
        {
            _retainedEpoch = _authority?.Epoch ?? 0;
            foreach (var message in messages)
            {
                var qos = message.QualityOfService < subscription.QualityOfService ? message.QualityOfService : subscription.QualityOfService;
                var delivery = new Delivery(qos, Retain: true, identifiers, Group: null);
                if (_ended || !MayReceive(message.Topic))
                    message.Release();
                else if (qos == QualityOfService.AtMostOnce && _pending.Count == 0 && _connection is not null && !_isOpening && _outputLength <= _options.SlowReceiverBytes)
                    Send(message, delivery, isJournaled: false, burst);
                else
                    Enqueue(message, delivery, isRetainedCopy: true, burst);
            }
            Pump(burst);
            WantFlush(burst);
        }
    }

    /// <summary>PUBACK, PUBREC or PUBCOMP from the client.</summary>
    internal void OnAck(IClientConnection from, AckPacket ack, DeliveryBurst burst)
    {
        lock (_gate)
        {
            if (_connection != from)
                return; // taken over in between
            var known = _inflight.TryGetValue(ack.PacketIdentifier, out var entry);
            switch (ack.Type)
            {
                case PacketType.PubAck when known && entry.State == InflightState.AwaitingPubAck:
                case PacketType.PubComp when known && entry.State == InflightState.AwaitingPubComp && !entry.IsHeld:
                    Complete(ack.PacketIdentifier, entry);
                    break;
                case PacketType.PubRec when known && entry.State == InflightState.AwaitingPubRec && (byte)ack.Reason >= 0x80:
                    Complete(ack.PacketIdentifier, entry); // refused: the exchange is over, no PUBREL (MQTT 5.0 §4.3.3)
                    break;
                case PacketType.PubRec when known && entry.State != InflightState.AwaitingPubAck:
                    Release(ack.PacketIdentifier, entry);
                    break;
                case PacketType.PubRec when (byte)ack.Reason < 0x80:
                    AppendAck(new(PacketType.PubRel, ack.PacketIdentifier, _version == ProtocolVersion.V5 ? ReasonCode.PacketIdentifierNotFound : ReasonCode.Success));
                    break;
            }
            Pump(burst);
            WantFlush(burst);
        }
    }

    private bool HasRoom => _inflight.Count < _sendQuota && _outputLength <= _options.SlowReceiverBytes;

    private void Pump(DeliveryBurst? burst)
    {
        if (_connection is null || _isOpening)
            return;
        while (_pending.TryPeek(out var next))
        {
            if (_outputLength > _options.SlowReceiverBytes || (next.Delivery.QualityOfService != QualityOfService.AtMostOnce && _inflight.Count >= _sendQuota))
                return;
            if (_open is { Count: > 0 } && _open.Contains(next.Number))
                return; // HoldUntil comes back
            if (_backlog > 0 && _options.DrainRate > 0 && _drainTokens-- <= 0)
                return; // Drain comes back
            Dequeue();
            if (Fetch(next) is not { } message)
                continue;
            if ((message.ExpiresAt != long.MaxValue && message.ExpiresAt <= _router.Now) || !(IsJudged(next) || MayReceive(message.Topic)))
            {
                Forget(message.Number);
                message.Release(); // expired while it waited [MQTT-3.3.2-5], or its policy has changed
            }
            else
                Send(message, next.Delivery, isJournaled: true, burst);
        }
    }

    // A retained copy was judged when it was queued, and no policy has changed since.
    private bool IsJudged(in Pending next) => next.IsRetainedCopy && _authority?.Epoch == _retainedEpoch;

    // Takes over the reference. A message that waited is in the log already; a fresh one is written with its packet identifier.
    private void Send(MessageBuffer message, in Delivery delivery, bool isJournaled, DeliveryBurst? burst)
    {
        if (delivery.QualityOfService == QualityOfService.AtMostOnce)
        {
            AppendPublish(message, delivery, 0, duplicate: false, burst);
            message.Release();
            return;
        }
        var id = NextIdentifier();
        var isKept = _isJournaled && message.Durability != Durability.Memory;
        if (isKept && message.Durability == Durability.Sync && delivery.QualityOfService == QualityOfService.ExactlyOnce)
        {
            HoldBack(message, delivery, id, isJournaled, burst);
            return;
        }
        var state = delivery.QualityOfService == QualityOfService.AtLeastOnce ? InflightState.AwaitingPubAck : InflightState.AwaitingPubRec;
        if (isKept && !isJournaled && !burst!.Note(_router.Journal!.Queued(this, message, delivery, id, state), message.Durability))
        {
            message.Release(); // the publisher is refused, and comes again
            return;
        }
        if (!AppendPublish(message, delivery, id, duplicate: false, burst))
        {
            Forget(message.Number);
            message.Release();
            return;
        }
        _inflight[id] = new(message, message.Number, state, ++_sequence, delivery, IsHeld: false);
        if (isKept && isJournaled)
            _router.Journal!.Sent(this, message.Number, id, urgent: false);
    }

    // At QoS 2 a packet identifier that the log forgets would come again for another message, which the client would take for a repetition.
    private void HoldBack(MessageBuffer message, in Delivery delivery, ushort id, bool isJournaled, DeliveryBurst? burst)
    {
        var journal = _router.Journal!;
        var position = isJournaled ? journal.Sent(this, message.Number, id, urgent: true) : journal.Queued(this, message, delivery, id, InflightState.AwaitingPubRec);
        if (position < 0)
        {
            if (!isJournaled)
                burst!.Note(position, Durability.Sync);
            message.Release();
            return;
        }
        _inflight[id] = new(message, message.Number, InflightState.AwaitingPubRec, ++_sequence, delivery, IsHeld: true);
        if (!isJournaled && message.Exchange != default && burst!.Exchange == message.Exchange)
        {
            _held.Add(new(id, message.Number, long.MaxValue));
            burst.Note(position, Durability.Sync);
            burst.Hold(this, message.Number);
            return;
        }
        _held.Add(new(id, message.Number, position));
        if (!isJournaled)
            burst!.Note(position, Durability.Sync);
        WaitFor(position);
    }

    /// <summary>The exchange that a message came by is in the log: if it was held back it may go once the log has committed through the position, if it waits it may take its turn.</summary>
    internal void HoldUntil(long messageNumber, long position, IDurableLog log, DurabilityGate gate, DeliveryBurst burst)
    {
        lock (_gate)
        {
            for (var i = 0; i < _held.Count; i++)
                if (_held[i].MessageNumber == messageNumber)
                    _held[i] = _held[i] with { Position = position };
            if (_open?.Remove(messageNumber) == true)
                Pump(burst);
        }
        var tickets = default(DurabilityTickets);
        tickets.Add(new(log, position));
        gate.Wait(this, tickets);
        ReleaseAcks(burst); // the commit may have come in between
    }

    private void ReleaseHeld(DeliveryBurst burst)
    {
        if (_isOpening)
            return; // CONNACK first; Resume comes back
        var released = 0;
        while (released < _held.Count && _held[released].Position <= _router.Journal!.Log.DurablePosition)
        {
            var id = _held[released++].PacketIdentifier;
            if (!_inflight.TryGetValue(id, out var entry) || !entry.IsHeld)
                continue;
            _inflight[id] = entry with { IsHeld = false };
            if (_connection is not null && entry.State == InflightState.AwaitingPubComp)
                AppendAck(new(PacketType.PubRel, id, ReasonCode.Success));
            else if (_connection is not null && !AppendPublish(entry.Message!, entry.Delivery, id, duplicate: false, burst))
                Complete(id, entry);
        }
        if (released == 0)
            return;
        _held.RemoveRange(0, released);
        WantFlush(burst);
    }

    // The receiver owns it now: only the identifier is kept [MQTT-4.3.3-4]. PUBREL waits until the log knows, since behind it the receiver
    // forgets the identifier and would take a repeated PUBLISH for a new one.
    private void Release(ushort id, in Inflight entry)
    {
        if (entry is { IsHeld: true, State: InflightState.AwaitingPubComp })
            return; // PUBREC again: its PUBREL is on the way
        var position = 0L;
        if (_isJournaled && entry.Message is { Durability: not Durability.Memory } message)
            position = _router.Journal!.Released(this, entry.Number, urgent: message.Durability == Durability.Sync);
        var waits = position > 0 && entry.Message!.Durability == Durability.Sync;
        entry.Message?.Release();
        _inflight[id] = entry with { State = InflightState.AwaitingPubComp, Message = null, IsHeld = waits };
        if (!waits)
        {
            AppendAck(new(PacketType.PubRel, id, ReasonCode.Success));
            return;
        }
        _held.Add(new(id, 0, position));
        WaitFor(position);
    }

    private void WaitFor(long position)
    {
        var tickets = default(DurabilityTickets);
        tickets.Add(new(_router.Journal!.Log, position));
        _router.Gate.Wait(this, tickets);
    }

    private void Complete(ushort id, Inflight entry)
    {
        _inflight.Remove(id);
        Forget(entry.Number);
        entry.Message?.Release();
    }

    // The log need not keep it for this session any more.
    private void Forget(long number)
    {
        if (_isJournaled && number != 0)
            _router.Journal!.Acknowledged(this, number);
    }

    // An identifier that is not in use [MQTT-2.2.1-4]; the window is smaller than the number space, so one is free.
    private ushort NextIdentifier()
    {
        do
            _lastIdentifier = _lastIdentifier == ushort.MaxValue ? (ushort)1 : (ushort)(_lastIdentifier + 1);
        while (_inflight.ContainsKey(_lastIdentifier));
        return _lastIdentifier;
    }

    /// <param name="Message">Null once a PUBREC has handed it over.</param>
    /// <param name="Number">Of the message in the log; 0: it is only in memory.</param>
    /// <param name="Sequence">Order of sending.</param>
    /// <param name="IsHeld">Not sent yet: the log has not committed it.</param>
    private readonly record struct Inflight(MessageBuffer? Message, long Number, InflightState State, long Sequence, Delivery Delivery, bool IsHeld);

    /// <param name="Position">Where the log must have come; <see cref="long.MaxValue"/>: not known yet.</param>
    private readonly record struct Held(ushort PacketIdentifier, long MessageNumber, long Position);

    /// <param name="Message">Null: it is read back from the log when its turn comes (<paramref name="Stored"/>).</param>
    private readonly record struct Pending(MessageBuffer? Message, StoredMessage? Stored, Delivery Delivery, bool IsRetainedCopy)
    {
        public int Size => Message?.Size ?? 0;

        /// <summary>In the log; 0: the message is only in memory.</summary>
        public long Number => Message?.Number ?? Stored!.Number;
    }
}
