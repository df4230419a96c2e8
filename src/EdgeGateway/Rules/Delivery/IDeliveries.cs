namespace EdgeGateway.Rules.Delivery;

/// <summary>The queues of actions that store and forward, and what they gave up.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IDeliveries
{
    /// <summary>In order of rules and places.</summary>
    IReadOnlyList<DeliveryStatus> All { get; }

    /// <summary>Newest first.</summary>
    /// <param name="rule">Null: of all rules.</param>
    IReadOnlyList<DeadLetter> DeadLetters(string? rule, int limit);

    /// <summary>Puts them back into their queues; they are no dead letters from then on.</summary>
    /// <param name="id">Null: all of the rule, or of all.</param>
    /// <returns>How many.</returns>
    Task<int> ResendAsync(long? id, string? rule);

    /// <returns>How many.</returns>
    Task<int> DiscardAsync(long? id, string? rule);
}
