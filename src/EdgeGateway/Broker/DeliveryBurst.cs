using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>
/// What one burst of input set in motion: the sessions that have something to send, flushed once each at its end, and the counts,
/// which go to the shared counters once per burst. One per connection, used by one thread at a time.
/// </summary>
internal sealed class DeliveryBurst
{
    private readonly List<Session> _touched = [];
    private readonly List<(Session Session, long MessageNumber)> _held = [];
    private long _position;

    public long MessagesIn { get; set; }
    public long BytesIn { get; set; }
    public long MessagesOut { get; set; }
    public long BytesOut { get; set; }
    public long Dropped { get; set; }

    /// <summary>Of the message that is being routed.</summary>
    public Durability Durability { get; set; }

    /// <summary>When the burst began, Unix milliseconds; one look at the clock for all its messages.</summary>
    public long Now { get; set; }

    /// <summary>The broker's log would not take a record that a promise rests on.</summary>
    public bool Refused { get; private set; }

    /// <summary>A receiver's queue is full, and the configuration says that the publisher should hear so.</summary>
    public bool IsReceiverFull { get; set; }

    /// <summary>The inbound QoS 2 exchange that is being routed; default: none whose publisher's session is in the log.</summary>
    public (uint Session, ushort PacketIdentifier) Exchange { get; set; }

    /// <summary>The session holds the message back until the exchange is in the log (<see cref="CompleteExchange"/>).</summary>
    public void Hold(Session session, long messageNumber) => _held.Add((session, messageNumber));

    /// <summary>The exchange is in the log at this position.</summary>
    public void CompleteExchange(long position, IDurableLog log, DurabilityGate gate)
    {
        Exchange = default;
        foreach (var (session, number) in _held)
            session.HoldUntil(number, position, log, gate, this);
        _held.Clear();
    }

    /// <summary>Notes a record that the message under way depends on; negative: the log refused it.</summary>
    public bool Note(long position, Durability durability)
    {
        if (position < 0)
            Refused = true;
        else if (durability == Durability.Sync)
            _position = Math.Max(_position, position);
        return position >= 0;
    }

    /// <summary>What was noted since the last call: the promise to wait for.</summary>
    /// <returns>False: the log refused.</returns>
    public bool TakeTicket(IDurableLog? log, ref DurabilityTickets tickets)
    {
        if (_position > 0 && log is not null)
            tickets.Add(new(log, _position));
        _position = 0;
        var refused = Refused;
        Refused = false;
        return !refused;
    }

    public void Touch(Session session) => _touched.Add(session);

    public void End(BrokerMetrics metrics)
    {
        metrics.Add(this);
        MessagesIn = BytesIn = MessagesOut = BytesOut = Dropped = 0;
        // A flush may run other code that touches more sessions on this burst, so the list is walked by index.
        for (var i = 0; i < _touched.Count; i++)
            _touched[i].Flush();
        _touched.Clear();
    }
}
