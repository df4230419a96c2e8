using EdgeGateway.Rules.Actions;

namespace EdgeGateway.Rules.Delivery;

/// <summary>Store and forward: done when what is to be sent is on disk; a queue of its own sends it.</summary>
/// <param name="isSealed">What is prepared may hold a secret, so it is sealed on disk.</param>
internal sealed class StoredAction(ISendingAction action, string place, DeliverySettings settings, Deliveries deliveries, bool isSealed) : IRuleAction
{
    private const int MostReceivers = 64;

    public string FailureName => action.FailureName;

    public void Open(string rule) => deliveries.Open(new(rule, place, action.FailureName), settings);

    public async ValueTask<RuleActionFailure?> ExecuteAsync(RuleFiring firing, CancellationToken cancellationToken)
    {
        if (action.Prepare(firing, out var parcels) is { } failure)
            return failure;
        if (parcels.Count > MostReceivers)
            return new(parcels[0].Resource, $"there are more than {MostReceivers} receivers", "TooManyReceivers", IsRecoverable: false);
        var queue = deliveries.Open(new(firing.RuleName, place, action.FailureName), settings);
        var key = settings.Order == DeliveryOrder.Strict ? "" : settings.Key is { } template ? firing.Render(template, "delivery.key", required: false) : firing.Message.Topic;
        var stored = new List<Task<RuleActionFailure?>>();
        for (var i = 0; i < parcels.Count; i++)
        {
            // A receiver that is down holds up itself alone.
            var lane = parcels.Count == 1 || settings.Order == DeliveryOrder.Strict ? key : $"{key}\n{parcels[i].Resource}";
            var source = firing.Source < 0 ? -1 : (firing.Source * MostReceivers) + i;
            var item = new DeliveryItem(parcels[i], firing.Message.Topic, firing.Message.ClientId, firing.Message.TraceId, firing.Message.Payload, firing.StoredAt, source, firing.Hops);
            stored.Add(queue.StoreAsync(lane, item, isSealed, firing.IsReplay));
        }
        return (await Task.WhenAll(stored)).FirstOrDefault(static each => each is not null);
    }
}
