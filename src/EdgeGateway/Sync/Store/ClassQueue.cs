using System.Buffers.Binary;
using EdgeGateway.Messaging;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Sync.Store;

/// <summary>
/// The messages of one class for one upstream, first in first out, on a log of their own. Many threads store; one takes; any settles.
/// A message is forgotten after it is settled and every one before it is.
/// </summary>
internal sealed class ClassQueue : IDisposable
{
    /// <summary>How far ahead of what is sent the cursor's sent limit is put, so that it is written rarely.</summary>
    private const int SentAheadBytes = 512 << 10;

    private const int GlanceBytes = 4096;
    private readonly object _gate = new(); // guards all below; the log has a lock of its own inside it
    private readonly Queue<QueuedMessage> _taken = new();
    private readonly HashSet<long> _settledAhead = []; // settled, but something before them is not; survives a rewind
    private readonly OutboxCursor _cursor;
    private readonly int _segmentBytes;
    private LogReader _reader;
    private int _round; // one more with every rewind
    private bool _isThinning; // its oldest segment is being copied: nothing may be taken or dropped
    private long _lastSequence, _lastSource, _acknowledged, _acknowledgedSequence, _sentEnd, _trimmed;
    private (long At, MessageStamp? Stamp) _oldest = (-1, null);
    private long _dropped, _expired;

    /// <param name="files">A folder of its own.</param>
    /// <param name="startWriter">False: for tests that commit by hand.</param>
    public ClassQueue(ILogFiles files, SegmentedLogOptions options, MessageClass messageClass, bool startWriter = true)
    {
        Class = messageClass;
        _segmentBytes = options.SegmentBytes;
        Log = SegmentedLog.Open(files, options, startWriter);
        Damage.AddRange(Log.Damage);
        _cursor = new(files);
        _acknowledged = Math.Clamp(_cursor.Acknowledged, Log.FirstPosition, Log.NextPosition);
        _trimmed = Log.FirstPosition;
        _sentEnd = _cursor.SentLimit;
        (_lastSequence, _lastSource) = FindLast();
        _lastSequence = Math.Max(_lastSequence, _cursor.Sequence);
        _acknowledgedSequence = SequenceFrom(_acknowledged) - 1;
        _reader = Log.ReadFrom(_acknowledged, OnDamage);
    }

    public MessageClass Class { get; }

    /// <summary>Tells the logs of an upstream apart: positions mean something within one.</summary>
    public string Name { get; init; } = "";
    public SegmentedLog Log { get; }

    /// <summary>Records that could not be read back; never silent.</summary>
    public List<LogDamage> Damage { get; } = [];

    /// <summary>Not yet settled.</summary>
    public long Messages
    {
        get
        {
            lock (_gate)
                return _lastSequence - _acknowledgedSequence;
        }
    }

    /// <summary>In the log from the first message not yet settled.</summary>
    public long BacklogBytes
    {
        get
        {
            lock (_gate)
                return Messages == 0 ? 0 : Log.NextPosition - _acknowledged;
        }
    }

    /// <summary>What the records kept take, settled ones of a segment still in use included.</summary>
    public long StoredBytes
    {
        get
        {
            lock (_gate)
                return Log.NextPosition - _trimmed;
        }
    }

    /// <summary>Room was given up and the log has not recycled it yet.</summary>
    public bool IsTrimming
    {
        get
        {
            lock (_gate)
                return _trimmed > Log.FirstPosition;
        }
    }

    /// <summary>Messages lost to a full store.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Messages that grew too old.</summary>
    public long Expired => Interlocked.Read(ref _expired);

    /// <summary>When the oldest message not yet settled came; null: there is none that is durable.</summary>
    public MessageStamp? Oldest
    {
        get
        {
            lock (_gate)
            {
                if (_oldest.At != _acknowledged || _oldest.Stamp is null)
                    _oldest = (_acknowledged, Log.ReadFrom(_acknowledged, static _ => { }, GlanceBytes).TryRead(out var record) ? OutboxRecord.StampOf(record) : null);
                return _oldest.Stamp;
            }
        }
    }

    /// <returns>Its position, or one of <see cref="LogRefusal"/>.</returns>
    public long Store(ReadOnlySpan<byte> topic, in MessageView message, in MessageStamp stamp)
    {
        Span<byte> prefix = stackalloc byte[OutboxRecord.PrefixBytes];
        lock (_gate)
        {
            OutboxRecord.WritePrefix(prefix, _lastSequence + 1, stamp, message.Properties.Length);
            var position = Log.Append(OutboxRecord.Message, OutboxRecord.Flags(message), topic, prefix, message.Properties, message.Payload);
            if (position > 0)
                _lastSequence++;
            return position;
        }
    }

    /// <summary>The next message to send; it stays in the queue until it is settled.</summary>
    /// <param name="record">Borrowed until the next call.</param>
    /// <param name="isTooOld">Such messages are dropped.</param>
    public bool TryTake(Predicate<MessageStamp> isTooOld, out QueuedMessage message, out LogRecord record)
    {
        lock (_gate)
        {
            record = default;
            while (!_isThinning && _reader.TryRead(out record))
            {
                if (record.Position < _acknowledged)
                {
                    _reader = Log.ReadFrom(_acknowledged, OnDamage);
                    continue;
                }
                message = new(this, record.Position, record.End, OutboxRecord.SequenceOf(record), record.Position < _sentEnd, _round);
                _taken.Enqueue(message);
                if (_settledAhead.Remove(record.Position))
                    Settle(message);
                else if (isTooOld(OutboxRecord.StampOf(record)))
                {
                    Interlocked.Increment(ref _expired);
                    Settle(message);
                }
                else
                {
                    NoteSent(message);
                    return true;
                }
            }
            message = null!;
            return false;
        }
    }

    /// <summary>Reads a message again that was taken before, such as for a second attempt.</summary>
    public bool TryReadAgain(QueuedMessage message, ref byte[] buffer, out LogRecord record) =>
        Log.TryRead(message.Position, ref buffer, out record, message.Length);

    /// <summary>The upstream has it, or it was parked: it need not be kept.</summary>
    public void Acknowledge(QueuedMessage message)
    {
        lock (_gate)
        {
            if (message.Round == _round)
                Settle(message);
            else if (_taken.FirstOrDefault(taken => taken.Position == message.Position) is { } again) // taken again after a rewind
                Settle(again);
            else if (message.Position >= _acknowledged)
                _settledAhead.Add(message.Position);
        }
    }

    /// <summary>After a broken connection: what was taken and not settled will be taken again.</summary>
    public void Rewind()
    {
        lock (_gate)
        {
            foreach (var message in _taken)
                if (message.IsDone)
                    _settledAhead.Add(message.Position);
            _taken.Clear();
            _round++;
            _reader = Log.ReadFrom(_acknowledged, OnDamage);
        }
    }

    /// <summary>Gives up the oldest segment to make room.</summary>
    /// <returns>False: there is only the segment being written.</returns>
    public bool DropOldest()
    {
        lock (_gate)
        {
            if (_isThinning || EndOfOldestSegment() is not { } end)
                return false;
            GiveUp(end, lost: null);
            return true;
        }
    }

    /// <summary>
    /// Moves the oldest segment into a coarser log: every second message of each topic is kept, the first of each for certain.
    /// Returns when the copy is durable; a power cut at any moment leaves each kept message in one of the two.
    /// </summary>
    /// <param name="waitDurable">Waits until a log has written through a position; false: it will not.</param>
    /// <returns>False: it cannot be done now; messages of that segment are on their way, or there is only the one being written.</returns>
    public bool ThinInto(ClassQueue coarser, Func<SegmentedLog, long, bool> waitDurable)
    {
        long from, end;
        lock (_gate)
        {
            if (_isThinning || EndOfOldestSegment() is not { } segmentEnd || _taken.TryPeek(out var first) && first.Position < segmentEnd)
                return false;
            (from, end, _isThinning) = (_acknowledged, segmentEnd, true);
        }
        var (done, lost) = (false, 0L);
        try
        {
            done = from >= end || Copy(from, end, coarser, waitDurable, out lost);
            return done;
        }
        finally
        {
            lock (_gate)
            {
                _isThinning = false;
                if (done)
                    GiveUp(end, lost);
                _reader = Log.ReadFrom(Math.Max(_acknowledged, _taken.Count > 0 ? _taken.Last().End : 0), OnDamage);
            }
        }
    }

    /// <summary>After a start: forgets what a coarser log had taken over when the power went.</summary>
    public void SkipWhatIsIn(ClassQueue coarser)
    {
        lock (_gate)
        {
            while (_reader.TryRead(out var record) && OutboxRecord.SequenceOf(record) <= coarser._lastSource)
                Advance(record.End, OutboxRecord.SequenceOf(record));
            _reader = Log.ReadFrom(_acknowledged, OnDamage);
        }
    }

    /// <summary>Drops what is too old. For a queue nobody takes from at present.</summary>
    public void Expire(Predicate<MessageStamp> isTooOld)
    {
        lock (_gate)
        {
            if (_isThinning || _taken.Count > 0 || Oldest is not { } oldest || !isTooOld(oldest))
                return;
            while (_reader.TryRead(out var record))
            {
                if (record.Position < _acknowledged)
                    continue;
                if (!isTooOld(OutboxRecord.StampOf(record)))
                    break;
                Interlocked.Increment(ref _expired);
                _settledAhead.Remove(record.Position);
                Advance(record.End, OutboxRecord.SequenceOf(record));
            }
            _reader = Log.ReadFrom(_acknowledged, OnDamage);
        }
    }

    /// <summary>Counts a message that was not taken in.</summary>
    public void CountDropped() => Interlocked.Increment(ref _dropped);

    /// <summary>Makes the progress survive a crash; without it the same messages go twice, marked.</summary>
    public void SaveCursor()
    {
        lock (_gate)
            if (_cursor.Acknowledged != _acknowledged)
                _cursor.Save(_acknowledged, _acknowledgedSequence, Math.Max(_sentEnd, _cursor.SentLimit));
    }

    public void Dispose()
    {
        Log.Dispose();
        lock (_gate)
        {
            _cursor.Save(_acknowledged, _acknowledgedSequence, _sentEnd); // exact after an orderly stop
            _cursor.Dispose();
        }
    }

    private bool Copy(long from, long end, ClassQueue coarser, Func<SegmentedLog, long, bool> waitDurable, out long lost)
    {
        lost = 0;
        var isSecond = new Dictionary<string, bool>(StringComparer.Ordinal);
        for (var reader = Log.ReadFrom(from, OnDamage); reader.TryRead(out var record) && record.Position < end;)
        {
            var topic = System.Text.Encoding.UTF8.GetString(record.Header.Span);
            lock (_gate)
                if (_settledAhead.Contains(record.Position))
                    continue;
            if (isSecond[topic] = !isSecond.GetValueOrDefault(topic, true))
            {
                lost++;
                continue;
            }
            if (coarser.TakeOver(record) < 0)
                return false;
        }
        return waitDurable(coarser.Log, coarser.Log.NextPosition - 1); // also what an earlier, broken-off copy had appended
    }

    /// <returns>Its position, 0 if it is here already, or one of <see cref="LogRefusal"/>.</returns>
    private long TakeOver(in LogRecord record)
    {
        var source = OutboxRecord.SequenceOf(record);
        Span<byte> prefix = stackalloc byte[OutboxRecord.PrefixBytes];
        Span<byte> tail = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(tail, source);
        lock (_gate)
        {
            if (source <= _lastSource)
                return 0;
            var properties = OutboxRecord.PropertiesOf(record).Span;
            OutboxRecord.WritePrefix(prefix, _lastSequence + 1, OutboxRecord.StampOf(record), properties.Length);
            byte[] body = [.. prefix, .. properties, .. OutboxRecord.PayloadOf(record).Span];
            var position = Log.Append(OutboxRecord.Thinned, record.Flags, record.Header.Span, body, tail, []);
            if (position > 0)
                (_lastSequence, _lastSource) = (_lastSequence + 1, source);
            return position;
        }
    }

    // Null: there is only the segment being written.
    private long? EndOfOldestSegment()
    {
        var starts = Log.SegmentStarts;
        var index = 1;
        while (index < starts.Count && starts[index] <= _trimmed)
            index++;
        return index < starts.Count ? starts[index] : null;
    }

    private void GiveUp(long end, long? lost)
    {
        if (end > _acknowledged)
        {
            var sequence = SequenceFrom(end) - 1;
            Interlocked.Add(ref _dropped, lost ?? sequence - _acknowledgedSequence);
            _acknowledged = end;
            _acknowledgedSequence = sequence;
            _settledAhead.RemoveWhere(position => position < end);
        }
        Trim(end);
    }

    private void NoteSent(QueuedMessage message)
    {
        _sentEnd = Math.Max(_sentEnd, message.End);
        if (_sentEnd > _cursor.SentLimit)
            _cursor.Save(_acknowledged, _acknowledgedSequence, _sentEnd + SentAheadBytes);
    }

    private void Settle(QueuedMessage message)
    {
        message.IsDone = true;
        while (_taken.TryPeek(out var first) && first.IsDone)
        {
            _taken.Dequeue();
            Advance(first.End, first.Sequence);
        }
    }

    private void Advance(long end, long sequence)
    {
        if (end <= _acknowledged)
            return; // dropped meanwhile to make room
        _acknowledged = end;
        _acknowledgedSequence = sequence;
        Trim(end);
    }

    private void Trim(long position)
    {
        if (position < _trimmed + _segmentBytes)
            return; // no whole segment yet
        _trimmed = Math.Max(_trimmed, Log.SegmentStarts.LastOrDefault(start => start <= position));
        Log.TrimTo(position);
    }

    private void OnDamage(LogDamage damage) => Damage.Add(damage);

    // The sequence of the first message at or after a position; one more than the last if there is none.
    private long SequenceFrom(long position)
    {
        var buffer = new byte[GlanceBytes];
        return Log.TryRead(position, ref buffer, out var record) || Log.ReadFrom(position, static _ => { }, GlanceBytes).TryRead(out record)
            ? OutboxRecord.SequenceOf(record)
            : _lastSequence + 1;
    }

    private (long Sequence, long Source) FindLast()
    {
        var starts = Log.SegmentStarts;
        for (var i = starts.Count - 1; i >= Math.Max(0, starts.Count - 2); i--)
        {
            var last = (Sequence: 0L, Source: 0L);
            for (var reader = Log.ReadFrom(starts[i], static _ => { }); reader.TryRead(out var record);)
                last = (OutboxRecord.SequenceOf(record), OutboxRecord.SourceOf(record));
            if (last.Sequence > 0)
                return last;
        }
        return (0, 0);
    }
}
