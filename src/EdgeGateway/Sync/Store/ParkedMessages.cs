using System.Text;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Sync.Store;

/// <summary>
/// Messages an upstream will not take, kept with the reason so that they block nothing and can be looked at. The oldest go first
/// when the small store is full.
/// </summary>
internal sealed class ParkedMessages : IDisposable
{
    private const byte Parked = 1;
    private const int KeptSegments = 8;
    private readonly SegmentedLog _log;
    private readonly Lock _gate = new();
    private readonly Queue<(long Position, Action Kept)> _waiting = new();
    private long _count;

    public ParkedMessages(ILogFiles files, int segmentBytes)
    {
        _log = SegmentedLog.Open(files, new() { SegmentBytes = segmentBytes, ZeroFill = false, MaxSpares = 1, MaxBytes = (KeptSegments + 2L) * segmentBytes });
        for (var reader = _log.ReadFrom(0, static _ => { }); reader.TryRead(out _);)
            _count++;
        _log.Committed += _ => TellKept();
    }

    /// <summary>Parked and still kept, or parked since the start.</summary>
    public long Count => Interlocked.Read(ref _count);

    /// <summary>Takes a message over: topic, reason, and the record's own body behind it.</summary>
    /// <param name="kept">Called once the message is durable here, or cannot be kept because it is larger than a segment.</param>
    /// <returns>False: there is no room for it at present.</returns>
    public bool Add(in LogRecord message, string reason, Action kept)
    {
        var starts = _log.SegmentStarts;
        if (starts.Count > KeptSegments)
            _log.TrimTo(starts[^KeptSegments]);
        var words = Encoding.UTF8.GetBytes(reason.Length > 500 ? reason[..500] : reason);
        var length = BitConverter.GetBytes((ushort)words.Length);
        var room = _log.MaxRecordBytes - RecordFormat.OverheadBytes - message.Header.Length - words.Length - length.Length;
        if (message.Body.Length > room)
        {
            Interlocked.Increment(ref _count);
            kept();
            return true;
        }
        lock (_gate)
        {
            var position = _log.Append(Parked, message.Flags, message.Header.Span, length, words, message.Body.Span);
            if (position < 0)
                return false;
            _waiting.Enqueue((position, kept));
        }
        Interlocked.Increment(ref _count);
        TellKept(); // it may have been committed meanwhile
        return true;
    }

    /// <summary>The newest ones, oldest first.</summary>
    public IReadOnlyList<ParkedMessage> Newest(int count)
    {
        var newest = new Queue<ParkedMessage>();
        for (var reader = _log.ReadFrom(0, static _ => { }); reader.TryRead(out var record);)
        {
            var words = BitConverter.ToUInt16(record.Body.Span);
            newest.Enqueue(new(Encoding.UTF8.GetString(record.Header.Span), Encoding.UTF8.GetString(record.Body.Span.Slice(2, words))));
            if (newest.Count > count)
                newest.Dequeue();
        }
        return [.. newest];
    }

    public void Dispose() => _log.Dispose();

    private void TellKept()
    {
        while (true)
        {
            Action kept;
            lock (_gate)
            {
                if (!_waiting.TryPeek(out var first) || first.Position > _log.DurablePosition)
                    return;
                kept = _waiting.Dequeue().Kept;
            }
            kept();
        }
    }
}
