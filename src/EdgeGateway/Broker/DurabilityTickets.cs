using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>All the promises one message waits for; the usual one or none costs no allocation.</summary>
internal struct DurabilityTickets
{
    private DurabilityTicket _first;
    private List<DurabilityTicket>? _others;

    public readonly bool AreKept
    {
        get
        {
            if (!_first.IsKept)
                return false;
            if (_others is not null)
                foreach (var ticket in _others)
                    if (!ticket.IsKept)
                        return false;
            return true;
        }
    }

    /// <summary>Whose promise the usual one is; null: there is none.</summary>
    public readonly IDurableLog? FirstSource => _first.Source;

    /// <summary>Further promises, of other logs.</summary>
    public readonly IReadOnlyList<DurabilityTicket> Others => _others ?? (IReadOnlyList<DurabilityTicket>)[];

    public void Add(DurabilityTicket ticket)
    {
        if (ticket.Source is null)
            return;
        if (_first.Source is null || (_first.Source == ticket.Source && ticket.Position > _first.Position))
            _first = ticket;
        else if (_first.Source != ticket.Source)
            (_others ??= []).Add(ticket);
    }
}
