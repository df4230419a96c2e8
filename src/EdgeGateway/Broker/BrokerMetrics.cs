namespace EdgeGateway.Broker;

/// <summary>Counters since the start.</summary>
public sealed class BrokerMetrics
{
    private long _messagesIn, _bytesIn, _messagesOut, _bytesOut, _dropped;

    /// <summary>PUBLISH packets taken in, and messages from inside.</summary>
    public long MessagesIn => Interlocked.Read(ref _messagesIn);

    /// <summary>Payload bytes of them.</summary>
    public long BytesIn => Interlocked.Read(ref _bytesIn);

    /// <summary>Messages handed to clients.</summary>
    public long MessagesOut => Interlocked.Read(ref _messagesOut);

    public long BytesOut => Interlocked.Read(ref _bytesOut);

    /// <summary>Messages a slow or full receiver did not get.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    internal void Add(DeliveryBurst burst)
    {
        if (burst.MessagesIn != 0)
        {
            Interlocked.Add(ref _messagesIn, burst.MessagesIn);
            Interlocked.Add(ref _bytesIn, burst.BytesIn);
        }
        if (burst.MessagesOut != 0)
        {
            Interlocked.Add(ref _messagesOut, burst.MessagesOut);
            Interlocked.Add(ref _bytesOut, burst.BytesOut);
        }
        if (burst.Dropped != 0)
            Interlocked.Add(ref _dropped, burst.Dropped);
    }
}
