using System.Collections.Concurrent;
using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>
/// Which subscriptions match a topic. A trie over the UTF-8 levels of the filters: a node has the subscriptions that end in it, those
/// that end in a '#' below it, its named children and one for '+'. Matching walks at most two branches per level and takes no lock,
/// since every array is replaced whole when it changes; changes take one lock.
/// <para>In front of it stands a cache from topic to <see cref="Route"/>. What voids a route is a version per hash of the first level
/// (a device that subscribes to its own topics leaves the others' routes alone) and one for filters that begin with a wildcard.</para>
/// </summary>
/// <remarks>Hot path: a cached route costs 0 bytes.</remarks>
internal sealed class SubscriptionIndex
{
    private const int VersionSlots = 256;
    private const int MaxCachedRoutes = 16_384;
    private readonly Lock _gate = new(); // guards every change of the trie and of the groups
    private readonly Node _root = new(null, [], 0);
    private readonly long[] _versions = new long[VersionSlots];
    private int _routeCount;
    private readonly ConcurrentDictionary<byte[], Route> _routes = new(TopicHash.Comparer.Instance);
    private readonly ConcurrentDictionary<byte[], Route>.AlternateLookup<ReadOnlySpan<byte>> _routesBySpan;
    private readonly Dictionary<(string Name, string Filter), SharedGroup> _groups = [];
    private long _wildcardVersion;
    private int _count;

    private readonly BrokerOptions _options;

    public SubscriptionIndex(BrokerOptions? options = null)
    {
        _options = options ?? new();
        _routesBySpan = _routes.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Adds, or replaces the same receiver's subscription to the same filter [MQTT-3.8.4-3].</summary>
    public void Add(Subscription subscription)
    {
        lock (_gate)
        {
            var node = FindOrCreate(subscription.Filter, out var endsInHash);
            if (subscription.Group is not null)
            {
                _count += subscription.Group.Add(subscription);
                ref var groups = ref endsInHash ? ref node.HashGroups : ref node.ExactGroups;
                if (!groups.Contains(subscription.Group))
                    groups = [.. groups, subscription.Group];
            }
            else
            {
                ref var entries = ref endsInHash ? ref node.Hash : ref node.Exact;
                _count -= entries.Length;
                entries = [.. entries.Where(other => !IsSameReceiver(other, subscription)), subscription];
                _count += entries.Length;
            }
        }
        Touch(subscription.Filter);
    }

    public void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            if (Find(subscription.Filter, out var endsInHash) is not { } node)
                return;
            if (subscription.Group is { } group)
            {
                _count += group.Remove(subscription.Session!);
                if (group.IsEmpty)
                {
                    ref var groups = ref endsInHash ? ref node.HashGroups : ref node.ExactGroups;
                    groups = [.. groups.Where(other => other != group)];
                    _groups.Remove((group.Name, System.Text.Encoding.UTF8.GetString(group.Filter)));
                }
            }
            else
            {
                ref var entries = ref endsInHash ? ref node.Hash : ref node.Exact;
                _count -= entries.Length;
                entries = [.. entries.Where(other => other != subscription)];
                _count += entries.Length;
            }
            Prune(node);
        }
        Touch(subscription.Filter);
    }

    /// <summary>The group of that name and filter, made when it does not exist yet.</summary>
    public SharedGroup Group(string name, string filter)
    {
        lock (_gate)
        {
            if (!_groups.TryGetValue((name, filter), out var group))
                _groups[(name, filter)] = group = new(name, System.Text.Encoding.UTF8.GetBytes(filter));
            return group;
        }
    }

    /// <summary>Voids all routes: a session came back with other rights or another connection.</summary>
    public void TouchAll() => Interlocked.Increment(ref _wildcardVersion);

    /// <summary>Whether a route still says what the trie and the policies say.</summary>
    public bool IsCurrent(Route route, long epoch) => route.Version == Version(route.VersionSlot) && route.Epoch == epoch;

    public Route RouteOf(ReadOnlySpan<byte> topic, long epoch)
    {
        if (_routesBySpan.TryGetValue(topic, out var route) && IsCurrent(route, epoch))
            return route;
        var slot = SlotOf(topic);
        var version = Version(slot);
        var match = new Match();
        Collect(_root, topic, ended: false, match, isFirst: true);
        route = new(topic.ToArray(), slot, version, epoch)
        {
            Durability = DurabilityClass.Of(_options.Durability, topic),
            Targets = match.Permitted(topic),
            Sinks = [.. match.Sinks],
            Groups = [.. match.Groups],
        };
        if (!_routes.TryAdd(route.Topic, route))
            _routes[route.Topic] = route;
        else if (Interlocked.Increment(ref _routeCount) > MaxCachedRoutes) // counted here: the table would take all its locks to say
        {
            _routes.Clear();
            Interlocked.Exchange(ref _routeCount, 0);
        }
        return route;
    }

    private long Version(int slot) => Volatile.Read(ref _versions[slot]) + Volatile.Read(ref _wildcardVersion);

    private void Touch(ReadOnlySpan<byte> filter)
    {
        if (filter[0] is (byte)'+' or (byte)'#')
            TouchAll();
        else
            Interlocked.Increment(ref _versions[SlotOf(filter)]);
    }

    private static int SlotOf(ReadOnlySpan<byte> topic) => TopicHash.Of(Topics.NextLevel(ref topic, out _)) & (VersionSlots - 1);

    private static bool IsSameReceiver(Subscription one, Subscription other) =>
        one.Session is not null && one.Session == other.Session;

    private void Collect(Node node, ReadOnlySpan<byte> rest, bool ended, Match match, bool isFirst)
    {
        // A wildcard at the first level never matches a topic that starts with '$' [MQTT-4.7.2-1].
        var wildcards = !(isFirst && rest is [(byte)'$', ..]);
        if (wildcards && (!ended || _options.IsWholeStandard))
            match.Add(node.Hash, node.HashGroups); // '#' matches the level above it, too; not in the cloud
        if (ended)
        {
            match.Add(node.Exact, node.ExactGroups);
            return;
        }
        var level = Topics.NextLevel(ref rest, out ended);
        if (node.Children?.Find(level, TopicHash.Of(level)) is { } child)
            Collect(child, rest, ended, match, isFirst: false);
        if (wildcards && node.Plus is { } plus)
            Collect(plus, rest, ended, match, isFirst: false);
    }

    private Node? Find(ReadOnlySpan<byte> filter, out bool endsInHash)
    {
        var node = _root;
        for (var ended = false; !ended;)
        {
            var level = Topics.NextLevel(ref filter, out ended);
            if (level is [(byte)'#'])
            {
                endsInHash = true;
                return node;
            }
            var next = level is [(byte)'+'] ? node.Plus : node.Children?.Find(level, TopicHash.Of(level));
            if (next is null)
            {
                endsInHash = false;
                return null;
            }
            node = next;
        }
        endsInHash = false;
        return node;
    }

    private Node FindOrCreate(ReadOnlySpan<byte> filter, out bool endsInHash)
    {
        var node = _root;
        for (var ended = false; !ended;)
        {
            var level = Topics.NextLevel(ref filter, out ended);
            if (level is [(byte)'#'])
            {
                endsInHash = true;
                return node;
            }
            node = level is [(byte)'+'] ? node.Plus ??= new(node, [(byte)'+'], 0) : Child(node, level);
        }
        endsInHash = false;
        return node;
    }

    private static Node Child(Node parent, ReadOnlySpan<byte> level)
    {
        var hash = TopicHash.Of(level);
        var child = parent.Children?.Find(level, hash);
        if (child is not null)
            return child;
        child = new(parent, level.ToArray(), hash);
        var table = parent.Children ?? new LevelTable<Node>();
        table.Add(child);
        parent.Children ??= table;
        return child;
    }

    private static void Prune(Node node)
    {
        while (node.Parent is { } parent && node.IsUnused)
        {
            if (parent.Plus == node)
                parent.Plus = null;
            else
            {
                node.IsRemoved = true;
                parent.Children!.Removed();
                if (parent.Children.Count == 0)
                    parent.Children = null;
            }
            node = parent;
        }
    }

    private sealed class Node(Node? parent, byte[] level, int hash) : ILevelNode
    {
        public Subscription[] Exact = [];
        public Subscription[] Hash = [];
        public SharedGroup[] ExactGroups = [];
        public SharedGroup[] HashGroups = [];

        public Node? Parent { get; } = parent;
        public byte[] Level { get; } = level;
        public int LevelHash { get; } = hash;
        public bool IsRemoved { get; set; }
        public LevelTable<Node>? Children { get; set; }
        public Node? Plus { get; set; }
        public bool IsUnused => Exact.Length == 0 && Hash.Length == 0 && ExactGroups.Length == 0 && HashGroups.Length == 0 && Plus is null && Children is null;
    }

    private sealed class Match
    {
        private readonly Dictionary<Session, RouteTarget> _targets = [];

        public List<IMessageSink> Sinks { get; } = [];
        public List<SharedGroup> Groups { get; } = [];

        public void Add(Subscription[] subscriptions, SharedGroup[] groups)
        {
            foreach (var subscription in subscriptions)
            {
                if (subscription.Sink is { } sink)
                    Sinks.Add(sink);
                else
                {
                    if (!_targets.TryGetValue(subscription.Session!, out var target))
                        _targets[subscription.Session!] = target = new(subscription.Session!);
                    target.Merge(subscription);
                }
            }
            Groups.AddRange(groups);
        }

        public RouteTarget[] Permitted(ReadOnlySpan<byte> topic)
        {
            var permitted = new List<RouteTarget>(_targets.Count);
            foreach (var target in _targets.Values)
                if (target.Session.MayReceive(topic))
                    permitted.Add(target);
            return [.. permitted];
        }
    }
}
