using System.Numerics;
using EdgeGateway.Messaging;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <summary>The last messages of a rule, for traces and trials: a ring bounded in number and bytes whose buffers are used again.</summary>
internal sealed class RuleRecorder(int capacity, int maxBytes)
{
    private readonly Lock _gate = new(); // guards the ring
    private readonly Queue<Slot> _messages = new();
    private readonly Stack<Slot> _idle = new();
    private int _bytes;

    private sealed class Slot
    {
        public byte[] Bytes = [];
        public int TopicLength;
        public int PropertiesLength;
        public int Length;
        public long ReceivedAt;
        public string? ClientId;
        public string? PrincipalId;
    }

    public void Add(RoutedMessage message) => Add(message.View);

    /// <remarks>Hot path: allocates only until the ring has been full once.</remarks>
    public void Add(in MessageView view)
    {
        var size = view.Topic.Length + view.Properties.Length + view.Payload.Length;
        if (capacity == 0 || size > maxBytes)
            return;
        lock (_gate)
        {
            while (_messages.Count > 0 && (_messages.Count >= capacity || _bytes + size > maxBytes))
            {
                _bytes -= _messages.Peek().Length;
                _idle.Push(_messages.Dequeue());
            }
            var slot = _idle.TryPop(out var idle) ? idle : new Slot();
            Fill(slot, view, size);
            _messages.Enqueue(slot);
            _bytes += size;
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<SqlMessage> Read()
    {
        lock (_gate)
            return [.. _messages.Select(Copy)];
    }

    private static void Fill(Slot slot, in MessageView view, int size)
    {
        if (slot.Bytes.Length < size || slot.Bytes.Length > (4 * size) + 1024)
            slot.Bytes = new byte[BitOperations.RoundUpToPowerOf2((uint)size)];
        view.Topic.CopyTo(slot.Bytes);
        view.Properties.CopyTo(slot.Bytes.AsSpan(view.Topic.Length));
        view.Payload.CopyTo(slot.Bytes.AsSpan(view.Topic.Length + view.Properties.Length));
        (slot.TopicLength, slot.PropertiesLength, slot.Length) = (view.Topic.Length, view.Properties.Length, size);
        (slot.ReceivedAt, slot.ClientId, slot.PrincipalId) = (view.ReceivedAt, view.ClientId, view.PrincipalId);
    }

    private static SqlMessage Copy(Slot slot) => RoutedMessage.Kept(new MessageView
    {
        Topic = slot.Bytes.AsSpan(0, slot.TopicLength),
        Properties = slot.Bytes.AsSpan(slot.TopicLength, slot.PropertiesLength),
        Payload = slot.Bytes.AsSpan(slot.TopicLength + slot.PropertiesLength, slot.Length - slot.TopicLength - slot.PropertiesLength),
        ReceivedAt = slot.ReceivedAt,
        ClientId = slot.ClientId,
        PrincipalId = slot.PrincipalId,
        Origin = MessageOrigin.Client,
    }).Sql;
}
