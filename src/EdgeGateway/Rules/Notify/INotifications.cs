namespace EdgeGateway.Rules.Notify;

/// <summary>Topics of `sns` and who is told.</summary>
/// <remarks>Thread-safe; changes are durable when their task completes.</remarks>
public interface INotifications
{
    IReadOnlyList<NotifySubscription> All { get; }

    Task<RuleError?> SubscribeAsync(string topic, string protocol, string endpoint);

    /// <returns>False where there is none.</returns>
    Task<bool> UnsubscribeAsync(long id);
}
