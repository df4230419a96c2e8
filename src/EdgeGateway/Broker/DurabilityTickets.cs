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
            foreach (var ticket in _others ?? (IEnumerable<DurabilityTicket>)[])
                if (!ticket.IsKept)
                    return false;
            return true;
        }
    }

    public readonly IEnumerable<IDurableLog> Sources
    {
        get
        {
            if (_first.Source is not null)
                yield return _first.Source;
            foreach (var ticket in _others ?? (IEnumerable<DurabilityTicket>)[])
                yield return ticket.Source!;
        }
    }

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
