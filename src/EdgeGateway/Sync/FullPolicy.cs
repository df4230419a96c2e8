namespace EdgeGateway.Sync;

/// <summary>What gives way when an upstream's store is full.</summary>
public enum FullPolicy
{
    /// <summary>The oldest messages go, a segment at a time.</summary>
    DropOldest,

    /// <summary>What is stored stays; new messages are not taken in.</summary>
    DropNewest,

    /// <summary>Every second message of each topic goes, the oldest stretch first: the curve stays, coarser.</summary>
    Thin,
}
