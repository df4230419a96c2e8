namespace EdgeGateway.Pages.Wire;

/// <summary>The broker's gauges, and its counters since the start.</summary>
public sealed record BrokerStatus
{
    public long Connections { get; init; }
    public long Sessions { get; init; }
    public long Subscriptions { get; init; }
    public long Retained { get; init; }
    public long MessagesIn { get; init; }
    public long MessagesOut { get; init; }
    public long BytesIn { get; init; }
    public long BytesOut { get; init; }
    public long QueuedMessages { get; init; }
    public long Dropped { get; init; }
}
