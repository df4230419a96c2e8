using EdgeGateway.Messaging;

namespace EdgeGateway.Storage.Log;

/// <summary>
/// An append-only log in segment files with group commit: while one batch is written and synced, the next collects, so that many
/// appenders share one flush. A position is an address in the endless sequence of bytes; it only grows, also over restarts.
/// </summary>
/// <remarks>
/// Append copies into the pending batch under a short lock and allocates nothing; checksums, writing and syncing are the writer
/// thread's. Reading goes through <see cref="TryRead"/> (anything appended, also what is not yet written) and
/// <see cref="ReadFrom"/> (what is durable, in order).
/// </remarks>
public sealed class SegmentedLog : IDurableLog, IDisposable
{
    /// <summary>Pause before a full disk is tried again; a trim tries at once.</summary>
    private static readonly TimeSpan FullRetryPause = TimeSpan.FromSeconds(1);

    /// <summary>How long records that nobody waits for may wait for company.</summary>
    private static readonly TimeSpan LazyPause = TimeSpan.FromSeconds(1);

    private readonly object _gate = new(); // guards all mutable fields below; the writer alone touches _segments' contents
    private readonly SegmentedLogOptions _options;
    private readonly SegmentFiles _segments;
    private readonly Queue<LogBatch> _sealed = new();
    private readonly Stack<LogBatch> _idle = new();
    private readonly Thread? _thread;
    private LogBatch _active = new();
    private LogBatch? _writing;
    private LogState _state = LogState.Open;
    private string? _problem;
    private long _next, _currentBase, _currentEnd;
    private long _trimTo, _trimmed;
    private int _pendingBytes;
    private bool _closing, _urgent;
    private long _durableEnd, _commits, _records, _bytes;

    private SegmentedLog(SegmentFiles segments, LogRecovery recovery, SegmentedLogOptions options, bool startWriter)
    {
        _segments = segments;
        _options = options;
        Damage = recovery.Damage;
        _next = _durableEnd = recovery.Next;
        _currentBase = segments.Current.Base;
        _currentEnd = segments.Current.End;
        _active.Begin(_next, _currentBase);
        if (!startWriter)
            return;
        _thread = new Thread(WriteLoop) { IsBackground = true, Name = "log-writer" };
        _thread.Start();
    }

    public event Action<IDurableLog>? Committed;

    /// <summary>Raised once when a write or sync failed, on the log's thread.</summary>
    public event Action<SegmentedLog>? Faulted;

    public long DurablePosition => Interlocked.Read(ref _durableEnd) - 1;

    /// <summary>Where the next record will go.</summary>
    public long NextPosition => Interlocked.Read(ref _next);

    /// <summary>First position still kept.</summary>
    public long FirstPosition => _segments.Live[0].First;

    /// <summary>First record position of each segment, oldest first.</summary>
    public IReadOnlyList<long> SegmentStarts => [.. _segments.Live.Select(static segment => segment.First)];

    /// <summary>The next segment cannot be made: the log will be full when the current one is, unless something is trimmed.</summary>
    public bool IsShortOfRoom => _segments.IsShortOfRoom;

    /// <summary>What recovery could not read.</summary>
    public IReadOnlyList<LogDamage> Damage { get; }

    public int MaxRecordBytes => _options.SegmentBytes - Segment.HeaderBytes - (2 * RecordFormat.OverheadBytes);

    public LogState State
    {
        get
        {
            lock (_gate)
                return _state;
        }
    }

    /// <summary>Why the log is full or faulted, in words; null while it is open.</summary>
    public string? Problem
    {
        get
        {
            lock (_gate)
                return _problem;
        }
    }

    /// <summary>Counters since the start.</summary>
    public LogMetrics Metrics => new(
        Interlocked.Read(ref _records),
        Interlocked.Read(ref _bytes),
        Interlocked.Read(ref _commits),
        _segments.ZeroBytes,
        _segments.Live.Length,
        NextPosition - FirstPosition);

    /// <summary>Opens or makes a log; recovers after a crash.</summary>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public static SegmentedLog Open(ILogFiles files, SegmentedLogOptions options) => Open(files, options, startWriter: true);

    /// <param name="startWriter">False: nothing is written until <see cref="CommitPending"/> is called, for tests that choose the moment.</param>
    internal static SegmentedLog Open(ILogFiles files, SegmentedLogOptions options, bool startWriter)
    {
        if (options.SegmentBytes < 4096 || options.MaxBytes < 2L * options.SegmentBytes)
            throw new ArgumentException($"a log needs segments of at least 4096 bytes and room for two of them, not {options.SegmentBytes} and {options.MaxBytes}");
        var recovery = new LogRecovery(files, options);
        return new(recovery.Run(), recovery, options, startWriter);
    }

    /// <summary>Takes a record in; it is safe when <see cref="DurablePosition"/> has reached the position returned.</summary>
    /// <param name="type">The owner's, 1 to 255.</param>
    /// <param name="header">At most 65535 bytes: an id, a topic, a key.</param>
    /// <param name="urgent">False: nobody waits for it, so it may wait up to a second for others to share a flush.</param>
    /// <returns>Its position, or one of <see cref="LogRefusal"/>. Blocks while <see cref="SegmentedLogOptions.MaxPendingBytes"/> wait for the disk.</returns>
    /// <exception cref="ArgumentException">Type 0, or the record is larger than <see cref="MaxRecordBytes"/>.</exception>
    /// <remarks>Hot path: 0 bytes allocated.</remarks>
    public long Append(byte type, ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, byte flags = 0, bool urgent = true) =>
        Append(type, flags, header, body, default, default, urgent);

    /// <inheritdoc cref="Append(byte, ReadOnlySpan{byte}, ReadOnlySpan{byte}, byte, bool)"/>
    /// <param name="more">The body goes on with this, then with <paramref name="last"/>: what lies apart need not be joined first.</param>
    public long Append(byte type, byte flags, ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, ReadOnlySpan<byte> more, ReadOnlySpan<byte> last, bool urgent = true)
    {
        var length = RecordFormat.OverheadBytes + (long)header.Length + body.Length + more.Length + last.Length;
        if (type == RecordFormat.SealType || header.Length > ushort.MaxValue || length > MaxRecordBytes)
            ThrowUnfit(type, header.Length, length);
        lock (_gate)
        {
            while (_state == LogState.Open && _pendingBytes > 0 && _pendingBytes + length > _options.MaxPendingBytes)
                Monitor.Wait(_gate);
            if (_state != LogState.Open || _closing)
                return _state switch { LogState.Full => LogRefusal.Full, LogState.Faulted => LogRefusal.Faulted, _ => LogRefusal.Closed };
            if (_next + length + RecordFormat.OverheadBytes > _currentEnd)
                SealSegment();
            else if (_active.Length > 0 && _active.Length + length > _options.MaxBatchBytes)
                SealBatch();
            var position = _next;
            Add(type, flags, header, body, more, last);
            if (_active.Records == 1 || _active.Length >= _options.MaxBatchBytes || (urgent && !_urgent))
                Monitor.PulseAll(_gate);
            _urgent |= urgent;
            return position;
        }
    }

    /// <summary>Reads one record by position, from memory if it is not written yet.</summary>
    /// <param name="buffer">Reused, replaced by a larger one if it is too small; the record lies in it.</param>
    /// <param name="lengthHint">The record's length if known (<see cref="LogRecord.Length"/>): saves a second read.</param>
    /// <returns>False: trimmed, never written, or damaged.</returns>
    public bool TryRead(long position, ref byte[] buffer, out LogRecord record, int lengthHint = 512)
    {
        record = default;
        if (TryReadPending(position, ref buffer, out var length) || TryReadFile(position, ref buffer, lengthHint, out length))
        {
            record = RecordFormat.Read(buffer.AsMemory(0, length));
            return true;
        }
        return false;
    }

    /// <summary>A cursor over the durable records from a position on; it may be asked again when more has been committed.</summary>
    /// <param name="position">The start of a record, or anything up to <see cref="FirstPosition"/> for all there is.</param>
    /// <param name="onDamage">Told of every stretch that cannot be read; null: an <see cref="InvalidDataException"/> is thrown instead.</param>
    /// <param name="windowBytes">Read-ahead; small for a glance at one record.</param>
    public LogReader ReadFrom(long position, Action<LogDamage>? onDamage, int windowBytes = LogReader.DefaultWindowBytes) =>
        new(this, position, onDamage, windowBytes);

    /// <summary>Allows everything before a position to be forgotten; whole segments are recycled, on the log's thread.</summary>
    public void TrimTo(long position)
    {
        lock (_gate)
        {
            if (position <= _trimTo)
                return;
            _trimTo = position;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Writes what is pending, as far as there is room, and closes.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closing)
                return;
            _closing = true;
            Monitor.PulseAll(_gate);
        }
        _thread?.Join();
        if (_thread is null)
            while (CommitPending())
            {
            }
        lock (_gate)
            _state = _state == LogState.Faulted ? LogState.Faulted : LogState.Closed;
        _segments.Dispose();
    }

    internal SegmentFiles Segments => _segments;

    /// <summary>One group commit on the caller's thread.</summary>
    /// <returns>False: nothing pending, or it cannot be written now.</returns>
    internal bool CommitPending()
    {
        LogBatch batch;
        long trimTo;
        lock (_gate)
        {
            if (_state is LogState.Faulted or LogState.Closed)
                return false;
            trimTo = Math.Min(_trimTo, _durableEnd);
            _trimmed = _trimTo;
            if (_writing is null && _sealed.Count == 0 && _active.Length > 0)
                SealBatch();
            if (_writing is null && _sealed.TryDequeue(out var sealedBatch))
                _writing = sealedBatch;
            batch = _writing!;
        }
        try
        {
            _segments.Trim(trimTo);
            if (batch is null)
                return false;
            Write(batch);
        }
        catch (LogFullException ex) when (batch is not null && batch.SegmentBase != _segments.Current.Base)
        {
            SetFull(ex);
            return false;
        }
        catch (IOException ex)
        {
            SetFaulted(ex);
            return false;
        }
        Commit(batch);
        return true;
    }

    private void Write(LogBatch batch)
    {
        if (batch.SegmentBase != _segments.Current.Base)
            _segments.Extend(batch.SegmentBase);
        var segment = _segments.Current;
        RecordFormat.Finish(batch.Bytes, segment.Seed);
        segment.File.Write(batch.Bytes, batch.Start - segment.Base);
        segment.File.Sync();
    }

    private void Commit(LogBatch batch)
    {
        var length = batch.Length;
        Interlocked.Add(ref _records, batch.Records);
        Interlocked.Add(ref _bytes, length);
        Interlocked.Increment(ref _commits);
        lock (_gate)
        {
            _state = LogState.Open;
            _problem = null;
            Interlocked.Exchange(ref _durableEnd, batch.End);
            _writing = null;
            _pendingBytes -= length;
            batch.Shrink(_options.MaxBatchBytes);
            if (_idle.Count < 4)
                _idle.Push(batch);
            Monitor.PulseAll(_gate);
        }
        Committed?.Invoke(this);
        if (_segments.Current.End - batch.End < _options.SegmentBytes * 3L / 4)
            PrepareAhead(length);
    }

    private void PrepareAhead(int committedBytes)
    {
        try
        {
            _segments.PrepareAhead(committedBytes);
        }
        catch (IOException ex)
        {
            SetFaulted(ex);
        }
    }

    private void WriteLoop()
    {
        while (WaitForWork())
            while (CommitPending())
            {
            }
    }

    private bool WaitForWork()
    {
        lock (_gate)
        {
            if (_state == LogState.Full && !_closing)
                Monitor.Wait(_gate, FullRetryPause);
            while (_writing is null && _sealed.Count == 0 && _active.Length == 0 && _trimTo == _trimmed && !_closing)
                Monitor.Wait(_gate);
            if (!_urgent && _writing is null && _sealed.Count == 0 && _trimTo == _trimmed && !_closing)
                Monitor.Wait(_gate, LazyPause);
            if (_state == LogState.Faulted || (_closing && (_state == LogState.Full || (_writing is null && _sealed.Count == 0 && _active.Length == 0))))
                return false;
            if (_options.Linger > TimeSpan.Zero && !_closing && _sealed.Count == 0 && _writing is null && _active.Length < _options.MaxBatchBytes)
                Linger();
            return true;
        }
    }

    private void Linger()
    {
        var until = TimeProvider.System.GetTimestamp() + (long)(_options.Linger.TotalSeconds * TimeProvider.System.TimestampFrequency);
        while (!_closing && _sealed.Count == 0 && _active.Length < _options.MaxBatchBytes)
        {
            var left = TimeProvider.System.GetElapsedTime(TimeProvider.System.GetTimestamp(), until);
            if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                return;
        }
    }

    private void Add(byte type, byte flags, ReadOnlySpan<byte> header, ReadOnlySpan<byte> body, ReadOnlySpan<byte> more, ReadOnlySpan<byte> last)
    {
        var before = _active.Length;
        _active.Add(type, flags, header, body, more, last);
        var length = _active.Length - before;
        Interlocked.Add(ref _next, length);
        _pendingBytes += length;
    }

    private void SealSegment()
    {
        Add(RecordFormat.SealType, 0, default, default, default, default);
        Interlocked.Exchange(ref _next, _currentEnd + Segment.HeaderBytes);
        _currentBase = _currentEnd;
        _currentEnd += _options.SegmentBytes;
        SealBatch();
    }

    private void SealBatch()
    {
        _sealed.Enqueue(_active);
        _urgent = false;
        _active = _idle.TryPop(out var idle) ? idle : new();
        _active.Begin(_next, _currentBase);
    }

    private bool TryReadPending(long position, ref byte[] buffer, out int length)
    {
        length = 0;
        lock (_gate)
        {
            if (position < _durableEnd || position >= _next)
                return false;
            foreach (var batch in _sealed)
                if (position >= batch.Start && position < batch.End)
                    return batch.TryCopy(position, ref buffer, out length);
            var found = position >= _active.Start ? _active : _writing;
            return found is not null && position >= found.Start && position < found.End && found.TryCopy(position, ref buffer, out length);
        }
    }

    private bool TryReadFile(long position, ref byte[] buffer, int lengthHint, out int length)
    {
        length = 0;
        if (position > DurablePosition || SegmentAt(position) is not { } segment)
            return false;
        if (buffer.Length < Math.Max(lengthHint, RecordFormat.OverheadBytes))
            buffer = new byte[Math.Max(lengthHint, RecordFormat.OverheadBytes)];
        try
        {
            var count = segment.File.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, segment.End - position)), position - segment.Base);
            if (!RecordFormat.IsPlausible(buffer.AsSpan(0, count), position, segment.End))
                return false;
            length = RecordFormat.LengthOf(buffer);
            if (length > count)
            {
                Array.Resize(ref buffer, length);
                count += segment.File.Read(buffer.AsSpan(count), position - segment.Base + count);
            }
            return RecordFormat.IsValid(buffer.AsSpan(0, count), position, segment.End, segment.Seed) && !RecordFormat.IsSeal(buffer);
        }
        catch (ObjectDisposedException)
        {
            return false; // trimmed meanwhile
        }
    }

    /// <summary>The segment that holds a position; null if it was trimmed.</summary>
    internal Segment? SegmentAt(long position)
    {
        var live = _segments.Live;
        int low = 0, high = live.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (position < live[middle].Base)
                high = middle - 1;
            else if (position >= live[middle].End)
                low = middle + 1;
            else
                return live[middle];
        }
        return null;
    }

    private void SetFull(LogFullException ex)
    {
        lock (_gate)
        {
            _state = LogState.Full;
            _problem = ex.Message;
            Monitor.PulseAll(_gate);
        }
        Committed?.Invoke(this); // nothing was: but whoever waits should know that it may take long
    }

    private void SetFaulted(IOException ex)
    {
        lock (_gate)
        {
            _state = LogState.Faulted;
            _problem = ex.Message;
            Monitor.PulseAll(_gate);
        }
        Faulted?.Invoke(this);
    }

    private void ThrowUnfit(byte type, int headerLength, long length)
    {
        if (type == RecordFormat.SealType)
            throw new ArgumentException("record type 0 is the log's own");
        if (headerLength > ushort.MaxValue)
            throw new ArgumentException($"a record's header holds at most {ushort.MaxValue} bytes, not {headerLength}");
        throw new ArgumentException($"a record holds at most {MaxRecordBytes} bytes, not {length}");
    }
}
