using EdgeGateway.Messaging;
using EdgeGateway.Mqtt;

namespace EdgeGateway.Broker;

/// <content>From the client to the broker: what it is owed.</content>
public sealed partial class Session
{
    private readonly Queue<OwedAck> _acks = new();
    private int _waits;

    // QoS 2 messages under way to us, each with the promises its first PUBREC waits for: a repetition's PUBREC waits for the same.
    private Dictionary<ushort, DurabilityTickets>? _received;

    /// <summary>Notes a QoS 2 PUBLISH [MQTT-4.3.3-10].</summary>
    /// <returns>False: this identifier is under way, so the message must not be routed again.</returns>
    internal bool TryBeginReceive(ushort packetIdentifier, DeliveryBurst burst)
    {
        lock (_gate)
        {
            if (!(_received ??= []).TryAdd(packetIdentifier, default))
                return false;
            if (_isJournaled)
                burst.Exchange = (Number, packetIdentifier); // closed in the log when the message is routed
            return true;
        }
    }

    /// <summary>What the first PUBREC of a QoS 2 message under way waits for, or waited for.</summary>
    internal DurabilityTickets TicketsOf(ushort packetIdentifier)
    {
        lock (_gate)
            return _received is not null && _received.TryGetValue(packetIdentifier, out var tickets) ? tickets : default;
    }

    /// <summary>QoS 1 and 2 messages the client has sent and not seen acknowledged.</summary>
    internal int UnacknowledgedInbound
    {
        // Without the lock: only the client's own packets make it grow, and what shrinks it does so before the client sees the acknowledgement.
        get => _acks.Count + (_received?.Count ?? 0);
    }

    /// <summary>Owes the client an acknowledgement, sent in order and once the promises are kept [MQTT-4.6.0-2].</summary>
    internal void Acknowledge(IClientConnection from, AckPacket ack, DurabilityTickets tickets, DurabilityGate gate, DeliveryBurst burst)
    {
        lock (_gate)
        {
            if (ack.Type == PacketType.PubRec && (byte)ack.Reason < 0x80 && !tickets.AreKept && _received?.ContainsKey(ack.PacketIdentifier) == true)
                _received[ack.PacketIdentifier] = tickets; // also when another connection has taken over: it is there that the repetition comes
            if (_connection != from)
                return;
            if (ack.Type == PacketType.PubRec && (byte)ack.Reason >= 0x80 && _received?.Remove(ack.PacketIdentifier) == true && _isJournaled)
                _router.Journal!.Completed(this, ack.PacketIdentifier, urgent: false);
            if (_acks.Count == 0 && tickets.AreKept)
            {
                AppendAck(ack);
                WantFlush(burst);
                return;
            }
            _acks.Enqueue(new(ack, null, tickets));
        }
        gate.Wait(this, tickets);
        if (tickets.AreKept)
            ReleaseAcks(burst); // the commit has come in between
    }

    /// <summary>Owes the client another packet that is a promise, such as SUBACK.</summary>
    internal void Acknowledge(IClientConnection from, ReadOnlySpan<byte> packet, DurabilityTickets tickets, DurabilityGate gate, DeliveryBurst burst)
    {
        lock (_gate)
        {
            if (_connection != from)
                return;
            if (tickets.AreKept)
            {
                packet.CopyTo(Reserve(packet.Length));
                _outputLength += packet.Length;
                WantFlush(burst);
                return;
            }
            _acks.Enqueue(new(default, packet.ToArray(), tickets));
        }
        gate.Wait(this, tickets);
        if (tickets.AreKept)
            ReleaseAcks(burst);
    }

    /// <summary>It waits in the gate's queue.</summary>
    /// <returns>False: it does already.</returns>
    internal bool BeginWaiting() => Interlocked.Exchange(ref _waits, 1) == 0;

    internal void EndWaiting() => Volatile.Write(ref _waits, 0);

    /// <summary>Sends what is no longer waiting: acknowledgements owed, messages held back.</summary>
    /// <returns>False: there is more that waits.</returns>
    internal bool ReleaseAcks(DeliveryBurst burst)
    {
        lock (_gate)
        {
            ReleaseHeld(burst);
            while (_acks.TryPeek(out var owed) && (owed.Tickets.AreKept || IsRefusedForWantOfRoom(ref owed)))
            {
                _acks.Dequeue();
                if (_connection is null)
                    continue;
                if (owed.Packet is { } packet)
                {
                    packet.CopyTo(Reserve(packet.Length));
                    _outputLength += packet.Length;
                }
                else
                    AppendAck(owed.Ack);
            }
            WantFlush(burst);
            return _acks.Count == 0 && _held.Count == 0;
        }
    }

    // The disk is full: the publisher of a QoS 1 message hears so instead of waiting, and sends it again later, which QoS 1 allows. At QoS 2
    // and in 3.1.1 it waits for room: the one may not come twice, the other has no words for it.
    private bool IsRefusedForWantOfRoom(ref OwedAck owed)
    {
        if (_version != ProtocolVersion.V5 || owed.Packet is not null || owed.Ack.Type != PacketType.PubAck || _router.Journal is not { IsFull: true })
            return false;
        owed = owed with { Ack = owed.Ack with { Reason = ReasonCode.QuotaExceeded } };
        return true;
    }

    /// <summary>PUBREL: the client lets go of the identifier [MQTT-4.3.3-11].</summary>
    internal void OnPubRel(IClientConnection from, ushort packetIdentifier, DeliveryBurst burst)
    {
        lock (_gate)
        {
            if (_connection != from)
                return;
            var known = _received?.Remove(packetIdentifier) ?? false;
            var position = known && _isJournaled ? _router.Journal!.Completed(this, packetIdentifier, urgent: true) : 0;
            var reason = known || _version != ProtocolVersion.V5 ? ReasonCode.Success : ReasonCode.PacketIdentifierNotFound;
            var answer = new AckPacket(PacketType.PubComp, packetIdentifier, reason);
            if (position > 0)
            {
                // Behind PUBCOMP the client may use the identifier again: the log must not come back believing that it is under way.
                var tickets = default(DurabilityTickets);
                tickets.Add(new(_router.Journal!.Log, position));
                _acks.Enqueue(new(answer, null, tickets));
                _router.Gate.Wait(this, tickets);
                return;
            }
            AppendAck(answer);
            WantFlush(burst);
        }
    }

    /// <param name="Packet">Null: <paramref name="Ack"/> is what is owed.</param>
    private readonly record struct OwedAck(AckPacket Ack, byte[]? Packet, DurabilityTickets Tickets);
}
