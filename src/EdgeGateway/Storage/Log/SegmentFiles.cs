using System.Globalization;

namespace EdgeGateway.Storage.Log;

/// <summary>
/// The segment files of one log: makes, recycles and numbers them. Used by the log's writer alone; <see cref="Live"/> is a snapshot
/// that any thread may read.
/// </summary>
/// <remarks>
/// A spare's header is synced before it gets a segment's name, and the name before it takes records, so a crash leaves whole
/// segments or spares. Segments are given up oldest first, each with its own folder sync, so the ones left never have a gap.
/// </remarks>
internal sealed class SegmentFiles(ILogFiles files, SegmentedLogOptions options, uint seed) : IDisposable
{
    private const string SpareSuffix = ".spare";
    private const int ZeroChunkBytes = 256 << 10;
    private readonly Queue<Spare> _spares = new();
    private volatile Segment[] _live = [];
    private Spare? _growing;
    private int _zeroed;
    private int _spareNumber;
    private volatile bool _outOfRoom;
    private long _zeroBytes;

    /// <summary>Oldest first; the last takes the new records.</summary>
    public Segment[] Live => _live;

    public Segment Current => _live[^1];

    public long Bytes => (_live.Length + _spares.Count + (_growing is null ? 0 : 1)) * (long)options.SegmentBytes;

    /// <summary>The last attempt to make a segment ahead failed for want of room.</summary>
    public bool IsShortOfRoom => _outOfRoom;

    /// <summary>Bytes of zeros written to new segments.</summary>
    public long ZeroBytes => Interlocked.Read(ref _zeroBytes);

    public static bool IsSpare(string name) => name.EndsWith(SpareSuffix, StringComparison.Ordinal);

    /// <summary>Takes over what recovery found.</summary>
    public void Adopt(IEnumerable<Segment> live) => _live = [.. live];

    /// <summary>A file that holds nothing acknowledged: kept if it is whole, else deleted.</summary>
    public void AdoptSpare(string name, ILogFile file)
    {
        if (int.TryParse(name.AsSpan(0, name.Length - SpareSuffix.Length), NumberStyles.None, null, out var number))
            _spareNumber = Math.Max(_spareNumber, number + 1);
        if (file.Length == options.SegmentBytes && _spares.Count < options.MaxSpares)
        {
            _spares.Enqueue(new(name, file));
            return;
        }
        file.Dispose();
        files.Delete(name);
    }

    /// <summary>Opens the segment that starts at a position; durable when this returns.</summary>
    /// <exception cref="LogFullException">Disk or cap; nothing changed.</exception>
    public void Extend(long position)
    {
        if (_spares.Count == 0)
            Grow(options.SegmentBytes);
        var spare = _spares.Peek();
        var segment = Segment.Initialise(spare.File, position, options.SegmentBytes, seed);
        segment.File.Sync();
        files.Rename(spare.Name, segment.Name);
        files.SyncNames();
        _spares.Dequeue();
        _outOfRoom = false;
        _live = [.. _live, segment];
    }

    /// <summary>Gives up the segments that end at or before a position; the last one stays.</summary>
    /// <returns>True if the store shrank.</returns>
    public bool Trim(long position)
    {
        var trimmed = false;
        while (_live.Length > 1 && _live[0].End <= position)
        {
            var oldest = _live[0];
            _live = _live[1..];
            if (_spares.Count < options.MaxSpares && oldest.Capacity == options.SegmentBytes)
            {
                var spare = NewSpareName();
                files.Rename(oldest.Name, spare);
                files.SyncNames();
                _spares.Enqueue(new(spare, oldest.File));
            }
            else
            {
                files.Delete(oldest.Name);
                files.SyncNames();
                oldest.File.Dispose();
            }
            trimmed = true;
            _outOfRoom = false;
        }
        return trimmed;
    }

    /// <summary>
    /// Grows the next segment while the current one fills, twice as fast, so that no commit waits for a whole file of zeros.
    /// No room is no fault yet: <see cref="Extend"/> says so when the file is needed.
    /// </summary>
    public void PrepareAhead(int committedBytes)
    {
        if (_spares.Count > 0 || _outOfRoom)
            return;
        try
        {
            Grow(Math.Max(2 * committedBytes, ZeroChunkBytes / 4));
        }
        catch (LogFullException)
        {
            _outOfRoom = true;
        }
    }

    public void Dispose()
    {
        foreach (var segment in _live)
            segment.File.Dispose();
        foreach (var spare in _spares)
            spare.File.Dispose();
        _growing?.File.Dispose();
    }

    private void Grow(int bytes)
    {
        if (_growing is null)
        {
            if (Bytes + options.SegmentBytes > options.MaxBytes)
                throw new LogFullException($"the log's cap of {options.MaxBytes} bytes is reached");
            _growing = CreateSpare();
            _zeroed = options.ZeroFill ? 0 : options.SegmentBytes;
        }
        var chunk = new byte[Math.Min(ZeroChunkBytes, Math.Max(options.SegmentBytes - _zeroed, 0))];
        for (; bytes > 0 && _zeroed < options.SegmentBytes; bytes -= chunk.Length)
        {
            var count = Math.Min(chunk.Length, options.SegmentBytes - _zeroed);
            _growing.File.Write(chunk.AsSpan(0, count), _zeroed);
            _zeroed += count;
            Interlocked.Add(ref _zeroBytes, count);
        }
        if (_zeroed < options.SegmentBytes)
            return;
        _growing.File.Sync();
        _spares.Enqueue(_growing);
        _growing = null;
    }

    private Spare CreateSpare()
    {
        var name = NewSpareName();
        var file = files.Create(name);
        try
        {
            file.Allocate(options.SegmentBytes);
            return new(name, file);
        }
        catch
        {
            file.Dispose();
            files.Delete(name);
            throw;
        }
    }

    private string NewSpareName() => $"{_spareNumber++:d6}{SpareSuffix}";

    private sealed record Spare(string Name, ILogFile File);
}
