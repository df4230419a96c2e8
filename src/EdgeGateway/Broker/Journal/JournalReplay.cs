using System.Buffers.Binary;
using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Broker.Journal;

/// <summary>
/// Builds the broker's state from its log: a pure fold over the records. A record about something whose beginning is no longer in the
/// log is passed over, since a checkpoint wrote what was still alive then.
/// </summary>
internal sealed class JournalReplay
{
    private readonly Dictionary<uint, SessionImage> _sessions = [];
    private readonly Dictionary<long, MessageImage> _messages = [];
    private readonly Dictionary<string, long> _retained = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _cleared = new(StringComparer.Ordinal);

    /// <summary>Number of the last connection by client id.</summary>
    public Dictionary<string, long> Connections { get; } = new(StringComparer.Ordinal);

    /// <summary>The highest message number seen.</summary>
    public long LastMessageNumber { get; private set; }

    /// <summary>The highest session number seen.</summary>
    public uint LastSessionNumber { get; private set; }

    /// <summary>Sessions alive at the end of the log; of two with one client id the later one.</summary>
    public IEnumerable<SessionImage> Sessions => _sessions.Values
        .Where(static session => session.ClientId is not null)
        .GroupBy(static session => session.ClientId, StringComparer.Ordinal)
        .Select(static same => same.MaxBy(static session => session.Number)!);

    /// <summary>Retained messages alive at the end of the log.</summary>
    public IEnumerable<MessageImage> Retained => _retained.Values.Where(_messages.ContainsKey).Select(number => _messages[number]);

    public MessageImage? Message(long number) => _messages.GetValueOrDefault(number);

    /// <summary>Takes one record in.</summary>
    /// <exception cref="InvalidDataException">The record is not one of ours, or is too short: a later version wrote it, or it is a defect.</exception>
    public void Apply(in LogRecord record)
    {
        try
        {
            switch ((JournalRecord)record.Type)
            {
                case JournalRecord.Message:
                    AddMessage(record);
                    break;
                case JournalRecord.Retained:
                    AddRetained(BinaryPrimitives.ReadInt64LittleEndian(record.Header.Span));
                    break;
                case JournalRecord.RetainedCleared:
                    Clear(BinaryPrimitives.ReadInt64LittleEndian(record.Header.Span), Encoding.UTF8.GetString(record.Body.Span));
                    break;
                case JournalRecord.Connected:
                    Connections[Encoding.UTF8.GetString(record.Body.Span)] = BinaryPrimitives.ReadInt64LittleEndian(record.Header.Span);
                    break;
                case >= JournalRecord.Session and <= JournalRecord.Completed:
                    ApplyToSession((JournalRecord)record.Type, BinaryPrimitives.ReadUInt32LittleEndian(record.Header.Span), record.Body.Span);
                    break;
                default:
                    throw new InvalidDataException($"the broker's log has a record of type {record.Type} at {record.Position}, which this version does not know");
            }
        }
        catch (ArgumentOutOfRangeException ex)
        {
            throw new InvalidDataException($"the broker's log has a record of type {record.Type} at {record.Position} that is too short", ex);
        }
    }

    /// <summary>
    /// Call after the last record: takes back what came by a QoS 2 exchange that the log does not have whole. Its publisher was not told
    /// that it is safe, and sends it again.
    /// </summary>
    public void Finish()
    {
        foreach (var open in _messages.Values.Where(static message => message.IsOpen).ToArray())
            foreach (var session in _sessions.Values)
                session.Queue.Remove(open.Number);
    }

    /// <summary>Forgets messages that nobody waits for any more; called now and then during a long replay.</summary>
    public void Compact()
    {
        var needed = _sessions.Values.SelectMany(static session => session.Queue.Keys).Concat(_retained.Values).ToHashSet();
        foreach (var number in _messages.Keys.Where(number => !needed.Contains(number)).ToArray())
            _messages.Remove(number);
    }

    private void AddMessage(in LogRecord record)
    {
        var message = MessageImage.Read(record.Header.Span, record.Body.Span, record.Position);
        _messages[message.Number] = message;
        LastMessageNumber = Math.Max(LastMessageNumber, message.Number);
    }

    private void AddRetained(long number)
    {
        if (!_messages.TryGetValue(number, out var message))
            return;
        var topic = Encoding.UTF8.GetString(message.Topic);
        // A checkpoint may write an old value behind a newer one: the number decides.
        if (_cleared.GetValueOrDefault(topic) < number && _retained.GetValueOrDefault(topic) < number)
            _retained[topic] = number;
    }

    private void Clear(long number, string topic)
    {
        LastMessageNumber = Math.Max(LastMessageNumber, number);
        _cleared[topic] = number;
        if (_retained.GetValueOrDefault(topic) < number)
            _retained.Remove(topic);
    }

    private void ApplyToSession(JournalRecord type, uint number, ReadOnlySpan<byte> body)
    {
        LastSessionNumber = Math.Max(LastSessionNumber, number);
        if (type == JournalRecord.SessionEnded)
        {
            _sessions.Remove(number);
            return;
        }
        if (!_sessions.TryGetValue(number, out var session))
            _sessions[number] = session = new(number);
        switch (type)
        {
            case JournalRecord.Session:
                Open(session, body);
                break;
            case JournalRecord.Subscribed:
                var filter = Encoding.UTF8.GetString(body[5..]);
                session.Subscriptions[filter] = new(filter, (QualityOfService)(body[0] & 3), (body[0] & 4) != 0, (body[0] & 8) != 0, 2, BinaryPrimitives.ReadInt32LittleEndian(body[1..]));
                break;
            case JournalRecord.Unsubscribed:
                session.Subscriptions.Remove(Encoding.UTF8.GetString(body));
                break;
            case JournalRecord.Received:
                session.Received.Add(BinaryPrimitives.ReadUInt16LittleEndian(body));
                if (_messages.TryGetValue(BinaryPrimitives.ReadInt64LittleEndian(body[2..]), out var complete))
                    complete.IsOpen = false;
                break;
            case JournalRecord.Completed:
                session.Received.Remove(BinaryPrimitives.ReadUInt16LittleEndian(body));
                break;
            default:
                ApplyToQueue(type, session, BinaryPrimitives.ReadInt64LittleEndian(body), body[8..]);
                break;
        }
    }

    private static void Open(SessionImage session, ReadOnlySpan<byte> body)
    {
        session.ExpiryMilliseconds = BinaryPrimitives.ReadInt64LittleEndian(body);
        session.AwaySince = BinaryPrimitives.ReadInt64LittleEndian(body[8..]);
        var at = 17;
        session.Will = null;
        if (body[16] == 1)
        {
            session.Will = WillCodec.Read(body[17..], out var length);
            at += length;
        }
        session.ClientId = Encoding.UTF8.GetString(body[at..]);
    }

    private void ApplyToQueue(JournalRecord type, SessionImage session, long message, ReadOnlySpan<byte> rest)
    {
        LastMessageNumber = Math.Max(LastMessageNumber, message); // an exchange of which only the PUBREL is left outlives its message's record
        if (type == JournalRecord.Queued)
        {
            var identifiers = new int[(rest.Length - 4) / 4];
            for (var i = 0; i < identifiers.Length; i++)
                identifiers[i] = BinaryPrimitives.ReadInt32LittleEndian(rest[(4 + (4 * i))..]);
            session.Queue[message] = new(
                (QualityOfService)(rest[0] & 3), (rest[0] & 4) != 0, identifiers.Length == 0 ? null : identifiers,
                BinaryPrimitives.ReadUInt16LittleEndian(rest[1..]), (InflightState)rest[3]);
        }
        else if (type == JournalRecord.Acknowledged)
            session.Queue.Remove(message);
        else if (session.Queue.TryGetValue(message, out var queued))
            session.Queue[message] = type == JournalRecord.Sent
                ? queued with { PacketIdentifier = BinaryPrimitives.ReadUInt16LittleEndian(rest), State = queued.QualityOfService == QualityOfService.ExactlyOnce ? InflightState.AwaitingPubRec : InflightState.AwaitingPubAck }
                : queued with { State = InflightState.AwaitingPubComp };
    }
}
