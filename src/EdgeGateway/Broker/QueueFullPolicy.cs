namespace EdgeGateway.Broker;

/// <summary>What happens to a message for a session whose queue is full (<c>broker.whenFull</c>). Each is counted as dropped.</summary>
public enum QueueFullPolicy
{
    /// <summary>The one that waited longest makes room.</summary>
    DropOldest,

    /// <summary>What waits stays; the new one is not kept for this session.</summary>
    DropNewest,

    /// <summary>
    /// As <see cref="DropNewest"/>, and its publisher hears 0x97 Quota exceeded over MQTT 5, so that it can send the message again later;
    /// other receivers have it by then, and get it twice. MQTT 3.1.1 has no words for it.
    /// </summary>
    Refuse,
}
