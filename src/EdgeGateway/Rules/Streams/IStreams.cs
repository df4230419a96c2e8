namespace EdgeGateway.Rules.Streams;

/// <summary>Append-only streams that rules write (`kinesis`) and programs replay.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IStreams
{
    IReadOnlyList<StreamInfo> All { get; }

    StreamInfo? Find(string name);

    /// <summary>Makes it, or changes its settings; the number of partitions is given once.</summary>
    Task<RuleError?> PutAsync(StreamInfo stream);

    Task<RuleError?> DeleteAsync(string name);

    /// <param name="after">Sequence after which to begin; null: <paramref name="since"/>, or the oldest.</param>
    /// <param name="partition">Null: all.</param>
    /// <returns>Null where there is no such stream.</returns>
    IReadOnlyList<StreamRecord>? Read(string name, long? after, DateTimeOffset? since, int? partition, int limit);

    /// <summary>How far a consumer has come; null: it has not begun.</summary>
    long? CheckpointOf(string name, string consumer);

    Task<RuleError?> CommitAsync(string name, string consumer, long sequence);
}
