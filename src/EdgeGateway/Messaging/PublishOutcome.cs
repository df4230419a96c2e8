namespace EdgeGateway.Messaging;

/// <summary>What became of a message that was published from inside.</summary>
public enum PublishOutcome
{
    /// <summary>Somebody received it, or it is queued for somebody.</summary>
    Delivered,

    /// <summary>Nobody subscribes to it; a retained message is stored all the same.</summary>
    NoReceivers,

    /// <summary>It has been through more than <see cref="MessageOrigin.MaxHops"/> rules.</summary>
    Loop,

    /// <summary>The store is full or out of order, and the message asked for durability.</summary>
    Refused,
}
