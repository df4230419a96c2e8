namespace EdgeGateway.Storage.Log;

/// <summary>
/// Reads durable records forwards with read-ahead. Not for several threads at once. What is trimmed while it reads is passed over;
/// what is damaged is told, never passed over in silence.
/// </summary>
public sealed class LogReader
{
    public const int DefaultWindowBytes = 128 << 10;

    private readonly int _windowBytes;
    private readonly SegmentedLog _log;
    private readonly Action<LogDamage>? _onDamage;
    private byte[] _window;
    private long _windowStart;
    private int _windowLength;

    internal LogReader(SegmentedLog log, long position, Action<LogDamage>? onDamage, int windowBytes)
    {
        _windowBytes = windowBytes;
        _window = new byte[windowBytes];
        _log = log;
        _onDamage = onDamage;
        Position = position;
    }

    /// <summary>Where the next record is looked for.</summary>
    public long Position { get; private set; }

    /// <summary>The next record; its memory holds until the next call.</summary>
    /// <returns>False: nothing durable from here on, for now.</returns>
    /// <exception cref="InvalidDataException">Damage, and nobody takes the report.</exception>
    public bool TryRead(out LogRecord record)
    {
        while (true)
        {
            record = default;
            Position = Math.Max(Position, _log.FirstPosition);
            var durable = _log.DurablePosition;
            if (Position > durable)
                return false;
            if (_log.SegmentAt(Position) is not { } segment)
            {
                SkipGap(durable);
                continue;
            }
            Position = Math.Max(Position, segment.First);
            if (Position > durable)
                return false;
            if (!TryFill(segment, durable))
            {
                Resync(segment, durable);
                continue;
            }
            record = RecordFormat.Read(_window.AsMemory((int)(Position - _windowStart), LengthHere));
            Position = record.End;
            if (record.Type != RecordFormat.SealType)
                return true;
            Position = segment.End + Segment.HeaderBytes;
        }
    }

    private int LengthHere => RecordFormat.LengthOf(Here);

    private ReadOnlySpan<byte> Here => _window.AsSpan(0, _windowLength)[(int)(Position - _windowStart)..];

    // Brings the whole record at Position into the window; false if there is none.
    private bool TryFill(Segment segment, long durable)
    {
        var inWindow = Position >= _windowStart && Position < _windowStart + _windowLength;
        if (inWindow && RecordFormat.IsValid(Here, Position, segment.End, segment.Seed))
            return true;
        if (!Load(segment, durable, _windowBytes) || !RecordFormat.IsPlausible(Here, Position, segment.End))
            return false;
        if (LengthHere > _windowLength && !Load(segment, durable, LengthHere))
            return false;
        return RecordFormat.IsValid(Here, Position, segment.End, segment.Seed);
    }

    private bool Load(Segment segment, long durable, int bytes)
    {
        if (_window.Length < bytes || _window.Length > Math.Max(bytes, _windowBytes))
            _window = new byte[Math.Max(bytes, _windowBytes)];
        var wanted = (int)Math.Min(Math.Min(_window.Length, segment.End - Position), durable + 1 - Position);
        try
        {
            _windowLength = segment.File.Read(_window.AsSpan(0, wanted), Position - segment.Base);
            _windowStart = Position;
            return true;
        }
        catch (ObjectDisposedException)
        {
            _windowLength = 0;
            return false; // trimmed meanwhile
        }
    }

    // From a damaged record to the next valid one, or to the next segment.
    private void Resync(Segment segment, long durable)
    {
        var end = Math.Min(segment.End, durable + 1);
        byte[] bytes;
        try
        {
            bytes = segment.ReadToEnd(Position);
        }
        catch (ObjectDisposedException)
        {
            return; // trimmed meanwhile
        }
        if (Position < _log.FirstPosition)
            return; // recycled meanwhile
        var offset = RecordFormat.Find(bytes.AsSpan(0, (int)(end - Position)), 1, Position, segment.End, segment.Seed);
        var to = offset >= 0 ? Position + offset : end;
        Report(new(Position, to, $"{segment.Name}: {to - Position} bytes are damaged"));
        Position = to;
        _windowLength = 0;
    }

    private void SkipGap(long durable)
    {
        var next = _log.Segments.Live.FirstOrDefault(segment => segment.Base > Position);
        var to = next?.Base ?? durable + 1;
        if (to <= _log.FirstPosition)
            return;
        Report(new(Position, to, $"no segment file holds position {Position}"));
        Position = to;
    }

    private void Report(LogDamage damage)
    {
        if (_onDamage is null)
            throw new InvalidDataException(damage.What);
        _onDamage(damage);
    }
}
