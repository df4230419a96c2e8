using System.Buffers.Binary;
using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Broker.Journal;

/// <summary>
/// The broker's state as a log. A message is written once, however many sessions wait for it; each session adds a short record.
/// <para>The log stays short by checkpoints: everything alive is written again at its end, then the front is let go. A checkpoint runs
/// while the broker works: each session is written under its own lock, so that what happened before is in its copy and what happens
/// after follows it. A message written before the checkpoint's start is written again by whoever needs it (<see cref="Store"/>).</para>
/// </summary>
internal sealed class BrokerJournal(SegmentedLog log, long lastMessageNumber, Func<MessageImage, MessageBuffer> copy) : IBrokerJournal
{
    private const int MaxInlineIdentifiers = 16;
    private long _lastMessageNumber = lastMessageNumber;
    private long _checkpointStart;
    private long _trimTo;
    private long _trimWhen = long.MaxValue;

    // Where the running checkpoint has put the messages that lie in the log alone, so that each is written once; used by that one thread.
    private readonly Dictionary<long, long> _moved = [];

    public IDurableLog Log => log;

    public bool IsFull => log.State == LogState.Full;

    /// <summary>Messages get ascending numbers, which is also their order in a queue.</summary>
    public long LastMessageNumber => Interlocked.Read(ref _lastMessageNumber);

    public long Changed(Session session)
    {
        var state = session.Durable;
        var clientId = Encoding.UTF8.GetBytes(session.ClientId);
        var will = state.Will is null ? [] : WillCodec.Write(state.Will);
        var body = new byte[17 + will.Length + clientId.Length];
        BinaryPrimitives.WriteInt64LittleEndian(body, state.ExpiryMilliseconds);
        BinaryPrimitives.WriteInt64LittleEndian(body.AsSpan(8), state.AwaySince);
        body[16] = (byte)(state.Will is null ? 0 : 1);
        will.CopyTo(body.AsSpan(17));
        clientId.CopyTo(body.AsSpan(17 + will.Length));
        return Append(JournalRecord.Session, session, body);
    }

    public void Ended(Session session) => Append(JournalRecord.SessionEnded, session, [], urgent: false);

    public long Subscribed(Session session, SubscriptionRequest request)
    {
        var filter = Encoding.UTF8.GetBytes(request.Filter);
        var body = new byte[5 + filter.Length];
        body[0] = (byte)((int)request.QualityOfService | (request.NoLocal ? 4 : 0) | (request.RetainAsPublished ? 8 : 0));
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(1), request.Identifier);
        filter.CopyTo(body.AsSpan(5));
        return Append(JournalRecord.Subscribed, session, body);
    }

    public long Unsubscribed(Session session, string filter) => Append(JournalRecord.Unsubscribed, session, Encoding.UTF8.GetBytes(filter));

    public long Queued(Session session, MessageBuffer message, in Delivery delivery, ushort packetIdentifier, InflightState state)
    {
        var stored = Store(message);
        return stored < 0 ? stored : Queued(session, message.Number, delivery, packetIdentifier, state, message.Durability == Durability.Sync);
    }

    public long Queued(Session session, StoredMessage stored, in Delivery delivery)
    {
        if (stored.Position < Interlocked.Read(ref _checkpointStart) && Move(stored) is < 0 and var refusal)
            return refusal;
        return Queued(session, stored.Number, delivery, 0, InflightState.AwaitingPubAck);
    }

    public MessageBuffer? Load(StoredMessage stored)
    {
        byte[] buffer = [];
        return log.TryRead(stored.Position, ref buffer, out var record) && record.Type == (byte)JournalRecord.Message
            ? copy(MessageImage.Read(record.Header.Span, record.Body.Span, record.Position)) : null;
    }

    public void Connected(string clientId, long number)
    {
        Span<byte> header = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(header, number);
        log.Append((byte)JournalRecord.Connected, header, Encoding.UTF8.GetBytes(clientId), urgent: false);
    }

    /// <summary>A QoS 2 exchange of which only the PUBREL is left: the message itself is no longer needed.</summary>
    public long QueuedRelease(Session session, long messageNumber, in Delivery delivery, ushort packetIdentifier) =>
        Queued(session, messageNumber, delivery, packetIdentifier, InflightState.AwaitingPubComp);

    private long Move(StoredMessage stored)
    {
        if (!_moved.TryGetValue(stored.Number, out var position))
        {
            byte[] buffer = [];
            if (!log.TryRead(stored.Position, ref buffer, out var record))
                return stored.Position; // damaged: told by whoever asks for it
            position = log.Append((byte)JournalRecord.Message, MessageImage.Completed(record.Header.Span), record.Body.Span);
            if (position < 0)
                return position;
            _moved[stored.Number] = position;
        }
        stored.Position = position;
        return position;
    }

    private long Queued(Session session, long messageNumber, in Delivery delivery, ushort packetIdentifier, InflightState state, bool urgent = true)
    {
        var identifiers = delivery.SubscriptionIdentifiers ?? [];
        Span<byte> body = identifiers.Length <= MaxInlineIdentifiers ? stackalloc byte[12 + (4 * MaxInlineIdentifiers)] : new byte[12 + (4 * identifiers.Length)];
        BinaryPrimitives.WriteInt64LittleEndian(body, messageNumber);
        body[8] = (byte)((int)delivery.QualityOfService | (delivery.Retain ? 4 : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(body[9..], packetIdentifier);
        body[11] = (byte)state;
        for (var i = 0; i < identifiers.Length; i++)
            BinaryPrimitives.WriteInt32LittleEndian(body[(12 + (4 * i))..], identifiers[i]);
        return Append(JournalRecord.Queued, session, body[..(12 + (4 * identifiers.Length))], urgent);
    }

    public long Sent(Session session, long messageNumber, ushort packetIdentifier, bool urgent)
    {
        Span<byte> body = stackalloc byte[10];
        BinaryPrimitives.WriteInt64LittleEndian(body, messageNumber);
        BinaryPrimitives.WriteUInt16LittleEndian(body[8..], packetIdentifier);
        return Append(JournalRecord.Sent, session, body, urgent);
    }

    public void Acknowledged(Session session, long messageNumber) => AppendNumber(JournalRecord.Acknowledged, session, messageNumber);

    public long Released(Session session, long messageNumber, bool urgent) => AppendNumber(JournalRecord.Released, session, messageNumber, urgent);

    public long Received(Session session, ushort packetIdentifier, long messageNumber)
    {
        Span<byte> body = stackalloc byte[10];
        BinaryPrimitives.WriteUInt16LittleEndian(body, packetIdentifier);
        BinaryPrimitives.WriteInt64LittleEndian(body[2..], messageNumber);
        return Append(JournalRecord.Received, session, body);
    }

    public long Completed(Session session, ushort packetIdentifier, bool urgent)
    {
        Span<byte> body = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(body, packetIdentifier);
        return Append(JournalRecord.Completed, session, body, urgent);
    }

    public long Retained(MessageBuffer message)
    {
        var stored = Store(message);
        if (stored < 0)
            return stored;
        Span<byte> header = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(header, message.Number);
        return log.Append((byte)JournalRecord.Retained, header, [], urgent: message.Durability == Durability.Sync);
    }

    public long RetainedCleared(ReadOnlySpan<byte> topic)
    {
        Span<byte> header = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(header, Interlocked.Increment(ref _lastMessageNumber));
        return log.Append((byte)JournalRecord.RetainedCleared, header, topic);
    }

    /// <summary>Writes everything alive at the end of the log and lets the front go.</summary>
    /// <returns>Bytes written; negative: the log refused, and nothing was let go.</returns>
    public long Checkpoint(SessionRegistry sessions, RetainedStore retained)
    {
        var start = log.NextPosition;
        Interlocked.Exchange(ref _checkpointStart, start);
        _moved.Clear();
        foreach (var session in sessions.All)
            if (session.WriteTo(this) < 0)
                return -1;
        if (!retained.WriteTo(this))
            return -1;
        _moved.Clear();
        foreach (var (clientId, number) in sessions.ConnectionNumbers)
            Connected(clientId, number);
        var end = log.NextPosition;
        Interlocked.Exchange(ref _trimTo, start);
        Interlocked.Exchange(ref _trimWhen, end - 1);
        TrimIfDurable(log);
        return end - start;
    }

    /// <summary>Lets the front of the log go once the checkpoint that repeats it is on disk; called after every commit.</summary>
    public void TrimIfDurable(IDurableLog source)
    {
        if (source.DurablePosition < Interlocked.Read(ref _trimWhen))
            return;
        Interlocked.Exchange(ref _trimWhen, long.MaxValue);
        log.TrimTo(Interlocked.Read(ref _trimTo));
    }

    /// <summary>Writes the message unless it stands in the part of the log that stays.</summary>
    /// <returns>A position, or negative: refused.</returns>
    private long Store(MessageBuffer message)
    {
        if (message.LogPosition > 0 && message.LogPosition >= Interlocked.Read(ref _checkpointStart))
            return message.LogPosition;
        if (message.Number == 0)
            message.Number = Interlocked.Increment(ref _lastMessageNumber);
        var clientIdBytes = message.ClientId is null ? 0 : Encoding.UTF8.GetByteCount(message.ClientId);
        Span<byte> header = clientIdBytes <= 256 ? stackalloc byte[MessageImage.HeaderBytes + 256] : new byte[MessageImage.HeaderBytes + clientIdBytes];
        BinaryPrimitives.WriteInt64LittleEndian(header, message.Number);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], message.ReceivedAt);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], message.ExpiresAt);
        header[24] = (byte)((int)message.QualityOfService | (message.Retain ? 4 : 0));
        BinaryPrimitives.WriteUInt16LittleEndian(header[25..], (ushort)message.Topic.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[27..], message.Properties.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[31..], message.Exchange.Session);
        BinaryPrimitives.WriteUInt16LittleEndian(header[35..], message.Exchange.PacketIdentifier);
        if (clientIdBytes > 0)
            Encoding.UTF8.GetBytes(message.ClientId, header[MessageImage.HeaderBytes..]);
        if (message.Size + MessageImage.HeaderBytes + clientIdBytes > log.MaxRecordBytes - 64)
            return LogRefusal.Full; // larger than a segment: cannot be promised
        var position = log.Append((byte)JournalRecord.Message, header[..(MessageImage.HeaderBytes + clientIdBytes)], message.Bytes, urgent: message.Durability == Durability.Sync);
        if (position >= 0)
            message.LogPosition = Math.Max(1, position);
        return position;
    }

    private long AppendNumber(JournalRecord type, Session session, long number, bool urgent = false)
    {
        Span<byte> body = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(body, number);
        return Append(type, session, body, urgent);
    }

    private long Append(JournalRecord type, Session session, ReadOnlySpan<byte> body, bool urgent = true)
    {
        Span<byte> header = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(header, session.Number);
        return log.Append((byte)type, header, body, urgent: urgent);
    }
}
