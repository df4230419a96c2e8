namespace EdgeGateway.Broker.Journal;

/// <summary>A persistent session as the log knows it.</summary>
internal sealed class SessionImage(uint number)
{
    public uint Number { get; } = number;

    /// <summary>Null: records of it were found, but not the one that opens it, so it ended before the log's front was let go.</summary>
    public string? ClientId { get; set; }

    public long ExpiryMilliseconds { get; set; }

    /// <summary>Unix milliseconds; 0: it was connected when the log ends.</summary>
    public long AwaySince { get; set; }

    public Will? Will { get; set; }
    public Dictionary<string, SubscriptionRequest> Subscriptions { get; } = new(StringComparer.Ordinal);

    /// <summary>By message number, which is the order of the queue.</summary>
    public SortedDictionary<long, QueuedImage> Queue { get; } = [];

    public HashSet<ushort> Received { get; } = [];
}
