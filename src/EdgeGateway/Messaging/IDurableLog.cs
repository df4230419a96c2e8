namespace EdgeGateway.Messaging;

/// <summary>Something that appends now and flushes in groups.</summary>
public interface IDurableLog
{
    /// <summary>Everything up to and including this position survives a power cut.</summary>
    long DurablePosition { get; }

    /// <summary>Raised after each group commit, and when one has to wait for room, on the log's thread; handlers must not block.</summary>
    event Action<IDurableLog> Committed;
}
