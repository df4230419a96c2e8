namespace EdgeGateway.Broker;

/// <summary>What a message to a topic costs the disk (<c>broker.durability</c>).</summary>
internal enum Durability : byte
{
    /// <summary>In the log, and acknowledged after its commit. What is acknowledged survives a power cut.</summary>
    Sync,

    /// <summary>In the log, acknowledged at once: a power cut may take the last second.</summary>
    Lazy,

    /// <summary>Not in the log: a restart takes it. No write for the card.</summary>
    Memory,
}
