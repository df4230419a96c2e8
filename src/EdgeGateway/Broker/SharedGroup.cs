using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>
/// A shared subscription (MQTT 5.0 §4.8.2): each message goes to one member. Connected members with room come first, the one with the
/// fewest messages in flight among them; ties go round. While nobody is connected one member with a persistent session queues it.
/// </summary>
internal sealed class SharedGroup(string name, byte[] filter)
{
    private Subscription[] _members = [];
    private int _next;

    public string Name { get; } = name;
    public byte[] Filter { get; } = filter;
    public bool IsEmpty => _members.Length == 0;

    /// <summary>Called under the index's lock.</summary>
    /// <returns>By how much the number of members has changed.</returns>
    public int Add(Subscription member) => Replace([.. _members.Where(other => other.Session != member.Session), member]);

    /// <inheritdoc cref="Add"/>
    public int Remove(Session session) => Replace([.. _members.Where(other => other.Session != session)]);

    /// <returns>False: no member can take it now or later.</returns>
    public bool Deliver(in MessageView view, ref MessageBuffer? shared, Router router, DeliveryBurst burst, Session? except = null)
    {
        var members = Volatile.Read(ref _members);
        var start = (Interlocked.Increment(ref _next) & int.MaxValue) % Math.Max(1, members.Length);
        Subscription? best = null;
        var bestLoad = int.MaxValue;
        for (var i = 0; i < members.Length; i++)
        {
            var member = members[(start + i) % members.Length];
            if (member.Session == except || !member.Session!.MayReceive(view.Topic))
                continue;
            var load = member.Session.Load;
            if (load < bestLoad)
            {
                best = member;
                bestLoad = load;
            }
        }
        if (best is null)
            return false;
        var qos = view.QualityOfService < best.QualityOfService ? view.QualityOfService : best.QualityOfService;
        var delivery = new Delivery(qos, best.RetainAsPublished && view.Retain, best.Identifier == 0 ? null : [best.Identifier], this);
        return best.Session!.Deliver(view, ref shared, delivery, router, burst);
    }

    private int Replace(Subscription[] members)
    {
        var change = members.Length - _members.Length;
        Volatile.Write(ref _members, members);
        return change;
    }
}
