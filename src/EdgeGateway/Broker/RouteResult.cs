namespace EdgeGateway.Broker;

/// <summary>What became of a routed message.</summary>
internal struct RouteResult
{
    /// <summary>Receivers that got it or will get it.</summary>
    public int Receivers;

    /// <summary>The retained store was full, so it was not kept.</summary>
    public bool RetainRefused;

    /// <summary>The log would not take it (full or failed): the publisher must not be told that it is safe.</summary>
    public bool IsRefused;

    /// <summary>A receiver's queue is full, and the publisher should hear so (<see cref="QueueFullPolicy.Refuse"/>).</summary>
    public bool IsReceiverFull;

    /// <summary>What the publisher's acknowledgement waits for.</summary>
    public DurabilityTickets Tickets;
}
