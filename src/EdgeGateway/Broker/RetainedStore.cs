using System.Text;
using EdgeGateway.Broker.Journal;
using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>
/// The retained messages (MQTT 5.0 §3.3.1.3), a trie by level so that a wildcard subscription walks only what it matches.
/// </summary>
internal sealed class RetainedStore(int maxMessages)
{
    /// <summary>Null: retained messages live in memory only.</summary>
    public IBrokerJournal? Journal { get; set; }

    private readonly Lock _gate = new(); // guards the trie; held while references to matches are taken, never while they are sent
    private readonly Node _root = new(null, [], 0);

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Stores a message, or clears the topic for an empty payload [MQTT-3.3.1-6].</summary>
    /// <param name="copy">The stored form, of which a reference is taken; null for an empty payload.</param>
    /// <returns>False: the store is full, and this topic is not in it.</returns>
    public bool Set(in MessageView view, MessageBuffer? copy, DeliveryBurst burst)
    {
        lock (_gate)
        {
            var node = Find(view.Topic);
            if (copy is null || view.Payload.IsEmpty)
            {
                if (node?.Message is not null)
                {
                    if (Journal is not null && node.Message.Durability != Durability.Memory)
                        burst.Note(Journal.RetainedCleared(view.Topic), node.Message.Durability);
                    Clear(node);
                }
                return true;
            }
            if (node?.Message is null && Count >= maxMessages)
                return false;
            if (Journal is not null && copy.Durability != Durability.Memory && !burst.Note(Journal.Retained(copy), copy.Durability))
                return false;
            node ??= Create(view.Topic);
            if (node.Message is { } old)
            {
                Bytes -= old.Size;
                old.Release();
            }
            else
                Count++;
            node.Message = copy.AddReference();
            Bytes += copy.Size;
            return true;
        }
    }

    /// <summary>Puts a message back that the log had; it takes over the reference.</summary>
    public void Restore(MessageBuffer message)
    {
        lock (_gate)
        {
            var node = Create(message.Topic);
            node.Message = message;
            Count++;
            Bytes += message.Size;
        }
    }

    /// <summary>Writes all of them again, for a checkpoint.</summary>
    /// <returns>False: the log refused.</returns>
    public bool WriteTo(BrokerJournal journal)
    {
        var all = new List<MessageBuffer>();
        lock (_gate)
            Visit(_root, node =>
            {
                if (node.Message is { Durability: not Durability.Memory } message)
                    all.Add(message.AddReference());
            });
        var taken = true;
        foreach (var message in all)
        {
            // Outside the lock: if it is replaced meanwhile, the newer one's number tells which is right.
            taken &= journal.Retained(message) >= 0;
            message.Release();
        }
        return taken;
    }

    /// <summary>The message of one topic, with a reference for the caller; null if there is none.</summary>
    public MessageBuffer? Get(ReadOnlySpan<byte> topic, long now)
    {
        lock (_gate)
            return Find(topic)?.Message is { } message && message.ExpiresAt > now ? message.AddReference() : null;
    }

    /// <summary>Adds every match to <paramref name="found"/>, with a reference for the caller.</summary>
    public void Match(ReadOnlySpan<byte> filter, long now, List<MessageBuffer> found)
    {
        lock (_gate)
            Collect(_root, filter, ended: false, isFirst: true, now, found);
    }

    /// <summary>Drops what has expired; called now and then, since an expired message is never sent anyway.</summary>
    /// <returns>Topics that were dropped.</returns>
    public int Sweep(long now)
    {
        lock (_gate)
        {
            var expired = new List<Node>();
            Visit(_root, node =>
            {
                if (node.Message is { } message && message.ExpiresAt <= now)
                    expired.Add(node);
            });
            foreach (var node in expired)
                Clear(node);
            return expired.Count;
        }
    }

    private static void Collect(Node node, ReadOnlySpan<byte> filter, bool ended, bool isFirst, long now, List<MessageBuffer> found)
    {
        if (ended)
        {
            Take(node, now, found);
            return;
        }
        var level = Topics.NextLevel(ref filter, out ended);
        if (level is [(byte)'#'])
        {
            TakeAll(node, isFirst, now, found);
            return;
        }
        if (level is [(byte)'+'])
        {
            if (node.Children is { } children)
                foreach (var child in children.Slots)
                    if (child is { IsRemoved: false } && (!isFirst || child.Level is not [(byte)'$', ..]))
                        Collect(child, filter, ended, isFirst: false, now, found);
            return;
        }
        if (node.Children?.Find(level, TopicHash.Of(level)) is { } exact)
            Collect(exact, filter, ended, isFirst: false, now, found);
    }

    private static void Take(Node node, long now, List<MessageBuffer> found)
    {
        if (node.Message is { } message && message.ExpiresAt > now)
            found.Add(message.AddReference());
    }

    private static void TakeAll(Node node, bool skipReserved, long now, List<MessageBuffer> found)
    {
        Take(node, now, found);
        if (node.Children is { } children)
            foreach (var child in children.Slots)
                if (child is { IsRemoved: false } && (!skipReserved || child.Level is not [(byte)'$', ..]))
                    TakeAll(child, skipReserved: false, now, found);
    }

    private static void Visit(Node node, Action<Node> action)
    {
        var open = new Stack<Node>();
        open.Push(node);
        while (open.TryPop(out var next))
        {
            action(next);
            foreach (var child in next.Children?.All() ?? [])
                open.Push(child);
        }
    }

    private Node? Find(ReadOnlySpan<byte> topic)
    {
        var node = _root;
        for (var ended = false; !ended && node is not null;)
        {
            var level = Topics.NextLevel(ref topic, out ended);
            node = node.Children?.Find(level, TopicHash.Of(level));
        }
        return node;
    }

    private Node Create(ReadOnlySpan<byte> topic)
    {
        var node = _root;
        for (var ended = false; !ended;)
        {
            var level = Topics.NextLevel(ref topic, out ended);
            var hash = TopicHash.Of(level);
            node.Children ??= new();
            var child = node.Children.Find(level, hash);
            if (child is null)
                node.Children.Add(child = new(node, level.ToArray(), hash));
            node = child;
        }
        return node;
    }

    private void Clear(Node node)
    {
        if (node.Message is not { } message)
            return;
        node.Message = null;
        Bytes -= message.Size;
        Count--;
        message.Release();
        while (node is { Message: null, Parent: { } parent } && node.Children is null)
        {
            node.IsRemoved = true;
            parent.Children!.Removed();
            if (parent.Children.Count == 0)
                parent.Children = null;
            node = parent;
        }
    }

    private sealed class Node(Node? parent, byte[] level, int hash) : ILevelNode
    {
        public Node? Parent { get; } = parent;
        public byte[] Level { get; } = level;
        public int LevelHash { get; } = hash;
        public bool IsRemoved { get; set; }
        public LevelTable<Node>? Children { get; set; }
        public MessageBuffer? Message { get; set; }
        public override string ToString() => Encoding.UTF8.GetString(Level);
    }
}
