using System.Text;

namespace EdgeGateway.Broker;

/// <content>Its subscriptions.</content>
public sealed partial class Session
{
    private int _weight;

    /// <summary>Subscriptions now.</summary>
    internal int SubscriptionCount
    {
        get
        {
            lock (_gate)
                return _subscriptions.Count;
        }
    }

    /// <summary>What the filters take of <see cref="BrokerOptions.MaxSubscriptionsPerSession"/>: one each, and one more for every 32 levels.</summary>
    internal int SubscriptionWeight
    {
        get
        {
            lock (_gate)
                return _weight;
        }
    }

    internal static int WeightOf(string filter) => 1 + (filter.AsSpan().Count('/') / 32);

    /// <param name="subscription">Null: the log refused, and nothing has changed.</param>
    /// <returns>True: the session had no subscription to this filter.</returns>
    internal bool AddSubscription(SubscriptionRequest request, SubscriptionIndex index, DeliveryBurst burst, out Subscription? subscription)
    {
        var isShared = SharedFilter.TrySplit(request.Filter, out var name, out var filter);
        bool isNew;
        lock (_gate)
        {
            subscription = null;
            if (_ended || (_isJournaled && !burst.Note(_router.Journal!.Subscribed(this, request), Durability.Sync)))
                return false;
            subscription = new()
            {
                Filter = Encoding.UTF8.GetBytes(isShared ? filter : request.Filter),
                Asked = request.Filter,
                Session = this,
                Group = isShared ? index.Group(name, filter) : null,
                QualityOfService = request.QualityOfService,
                NoLocal = request.NoLocal,
                RetainAsPublished = request.RetainAsPublished,
                Identifier = request.Identifier,
            };
            isNew = !_subscriptions.ContainsKey(request.Filter);
            _weight += isNew ? WeightOf(request.Filter) : 0;
            _subscriptions[request.Filter] = subscription;
        }
        index.Add(subscription);
        return isNew;
    }

    /// <summary>Ends the subscriptions that the policies of now no longer allow.</summary>
    internal IReadOnlyList<string> Recheck(SubscriptionIndex index, DeliveryBurst burst)
    {
        string[] lost;
        lock (_gate)
        {
            if (_authority is not { } authority)
                return [];
            lost = [.. _subscriptions.Keys.Where(filter => !authority.MaySubscribe(Encoding.UTF8.GetBytes(filter)))];
        }
        foreach (var filter in lost)
            RemoveSubscription(filter, index, burst);
        return lost;
    }

    /// <returns>False: there was none.</returns>
    internal bool RemoveSubscription(string filter, SubscriptionIndex index, DeliveryBurst burst)
    {
        Subscription? subscription;
        lock (_gate)
        {
            if (!_subscriptions.Remove(filter, out subscription))
                return false;
            _weight -= WeightOf(filter);
            if (_isJournaled)
                burst.Note(_router.Journal!.Unsubscribed(this, filter), Durability.Sync);
        }
        index.Remove(subscription);
        return true;
    }
}
