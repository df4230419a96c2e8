using System.Buffers;
using System.Collections.Concurrent;
using EdgeGateway.Messaging;

namespace EdgeGateway.Broker;

/// <summary>
/// A message that outlives its PUBLISH packet: queued, in flight or retained. One copy for all receivers, counted by references;
/// whoever stores it calls <see cref="AddReference"/>, and <see cref="Release"/> when done. The last release gives the bytes back.
/// </summary>
internal sealed class MessageBuffer
{
    private const int MaxPooledByThread = 256;
    private const int MaxPooled = 4096;
    private const int MaxKeptBytes = 1024; // a pooled message keeps so much of its own: the usual one rents nothing
    private static readonly ConcurrentQueue<MessageBuffer> Pool = new();
    private static int s_pooled;

    [ThreadStatic]
    private static MessageBuffer[]? t_pool;

    [ThreadStatic]
    private static int t_pooled;

    private byte[] _bytes = [];
    private int _topicLength;
    private int _propertiesLength;
    private int _payloadLength;
    private int _references;

    private MessageBuffer()
    {
    }

    public ReadOnlySpan<byte> Topic => _bytes.AsSpan(0, _topicLength);
    public ReadOnlySpan<byte> Properties => _bytes.AsSpan(_topicLength, _propertiesLength);
    public ReadOnlySpan<byte> Payload => _bytes.AsSpan(_topicLength + _propertiesLength, _payloadLength);

    /// <summary>Bytes this message counts for in a queue.</summary>
    public int Size => _topicLength + _propertiesLength + _payloadLength;

    public QualityOfService QualityOfService { get; private set; }
    public bool Retain { get; private set; }

    /// <summary>What its topic is worth to the disk.</summary>
    public Durability Durability { get; set; }
    public long ReceivedAt { get; private set; }
    public string? ClientId { get; private set; }
    public MessageOrigin Origin { get; private set; } = MessageOrigin.Broker;

    /// <summary>Where in <see cref="Properties"/> the message expiry interval stands; -1: none.</summary>
    public int ExpiryOffset { get; private set; }

    /// <summary>When the message is no longer to be sent, Unix time in milliseconds; <see cref="long.MaxValue"/>: never.</summary>
    public long ExpiresAt { get; private set; }

    /// <summary>Position in the broker's log; 0: the message is only in memory.</summary>
    public long LogPosition { get; set; }

    /// <summary>Its number in the broker's log, ascending; 0: the message is only in memory.</summary>
    public long Number { get; set; }

    /// <summary>
    /// The QoS 2 exchange it comes by, while that is not yet complete in the log: number of the publisher's session, packet identifier.
    /// Until then the log takes the message back if the process ends, since its publisher sends it again.
    /// </summary>
    public (uint Session, ushort PacketIdentifier) Exchange { get; set; }

    /// <summary>Topic, properties and payload in one piece.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Size);

    /// <summary>Copies a message; the caller holds the first reference.</summary>
    public static MessageBuffer Copy(in MessageView view, int expiryOffset, long expiresAt)
    {
        var buffer = FromPool() ?? new();
        var size = view.Topic.Length + view.Properties.Length + view.Payload.Length;
        if (buffer._bytes.Length < size || buffer._bytes.Length > Math.Max(128, 4 * size)) // retained messages live long: none keeps what another needed
        {
            if (buffer._bytes.Length > 0)
                ArrayPool<byte>.Shared.Return(buffer._bytes);
            buffer._bytes = ArrayPool<byte>.Shared.Rent(size);
        }
        view.Topic.CopyTo(buffer._bytes);
        view.Properties.CopyTo(buffer._bytes.AsSpan(view.Topic.Length));
        view.Payload.CopyTo(buffer._bytes.AsSpan(view.Topic.Length + view.Properties.Length));
        buffer._topicLength = view.Topic.Length;
        buffer._propertiesLength = view.Properties.Length;
        buffer._payloadLength = view.Payload.Length;
        buffer.QualityOfService = view.QualityOfService;
        buffer.Retain = view.Retain;
        buffer.ReceivedAt = view.ReceivedAt;
        buffer.ClientId = view.ClientId;
        buffer.Origin = view.Origin;
        buffer.ExpiryOffset = expiryOffset;
        buffer.ExpiresAt = expiresAt;
        buffer.LogPosition = 0;
        buffer.Number = 0;
        buffer.Exchange = default;
        buffer.Durability = Durability.Sync;
        Volatile.Write(ref buffer._references, 1);
        return buffer;
    }

    public MessageBuffer AddReference()
    {
        Interlocked.Increment(ref _references);
        return this;
    }

    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left > 0)
            return;
        if (left < 0)
            throw new InvalidOperationException("a message was released more often than it was referenced");
        if (_bytes.Length > MaxKeptBytes)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
        ClientId = null;
        ToPool(this);
    }

    private static MessageBuffer? FromPool()
    {
        if (t_pooled > 0)
            return t_pool![--t_pooled];
        if (!Pool.TryDequeue(out var buffer))
            return null;
        Interlocked.Decrement(ref s_pooled);
        return buffer;
    }

    // The thread's own first. What is more goes where a thread that only takes finds it.
    private static void ToPool(MessageBuffer buffer)
    {
        if (t_pooled < MaxPooledByThread)
            (t_pool ??= new MessageBuffer[MaxPooledByThread])[t_pooled++] = buffer;
        else if (Interlocked.Increment(ref s_pooled) <= MaxPooled)
            Pool.Enqueue(buffer);
        else
            Interlocked.Decrement(ref s_pooled);
    }

    /// <summary>Seconds left at <paramref name="now"/> (Unix milliseconds), rounded up so that a live message never says 0.</summary>
    public uint SecondsLeft(long now) => (uint)Math.Max(1, (ExpiresAt - now + 999) / 1000);

    public MessageView View() => new()
    {
        Topic = Topic,
        Payload = Payload,
        Properties = Properties,
        QualityOfService = QualityOfService,
        Retain = Retain,
        ReceivedAt = ReceivedAt,
        ClientId = ClientId,
        Origin = Origin,
    };
}
