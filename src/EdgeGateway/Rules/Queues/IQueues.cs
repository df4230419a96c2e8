namespace EdgeGateway.Rules.Queues;

/// <summary>Durable queues that rules fill (`sqs`) and programs empty.</summary>
/// <remarks>Thread-safe; changes are durable when their task completes.</remarks>
public interface IQueues
{
    IReadOnlyList<QueueInfo> All { get; }

    QueueInfo? Find(string name);

    /// <summary>Makes it, or changes its settings.</summary>
    Task<RuleError?> PutAsync(QueueInfo queue);

    Task<RuleError?> DeleteAsync(string name);

    /// <summary>Makes the queue, with defaults, where it is not there.</summary>
    /// <param name="group">Messages of one group are received in order, one batch at a time; null: no order.</param>
    /// <param name="deduplicationId">The same within 5 minutes is the same message.</param>
    Task SendAsync(string name, ReadOnlyMemory<byte> body, string? group = null, string? deduplicationId = null);

    /// <param name="limit">1 to 10.</param>
    /// <param name="visibility">Null: the queue's.</param>
    Task<IReadOnlyList<QueueMessage>> ReceiveAsync(string name, int limit, TimeSpan? visibility);

    /// <returns>False where the receipt is none, or no longer.</returns>
    Task<bool> AcknowledgeAsync(string name, string receipt);

    IReadOnlyList<QueueMessage> DeadLetters(string name, int limit);

    /// <summary>Puts the dead letters back.</summary>
    Task<int> RedriveAsync(string name);
}
