namespace EdgeGateway.Rules.Delivery;

/// <summary>What waits of one key, oldest first; one at a time is under way.</summary>
internal sealed class DeliveryLane(string key)
{
    public string Key => key;

    public Queue<DeliveryEntry> Waiting { get; } = new();

    /// <summary>Failed tries of the first one.</summary>
    public int Attempts { get; set; }

    public bool IsUnderWay { get; set; }

    /// <summary>It is in one of the queues of lanes.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Something of it failed, or lay on disk at the start: it goes after the lanes of which nothing waited.</summary>
    public bool IsBacklog { get; set; }

    /// <summary>Not before this, Unix milliseconds.</summary>
    public long NotBefore { get; set; }

    /// <summary>When its first one failed first, Unix milliseconds; 0: it did not.</summary>
    public long FirstErrorAt { get; set; }
}
