using System.Buffers.Binary;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Secrets;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Rules.Delivery;

/// <summary>
/// What one action has to send, on a log of its own: an item when it comes, a mark when it is settled, both durable. A message that was
/// settled on disk never goes again; one whose mark the crash took goes again with the same id.
/// </summary>
internal sealed partial class DeliveryQueue : IAsyncDisposable
{
    private const int SegmentBytes = 1 << 20;
    private readonly DeliveryName _name;
    private readonly Func<string, IParcelSender?> _senders;
    private readonly Func<DeliveryQueue, DeliveryItem, RuleActionFailure, int, DateTimeOffset, Task> _refused;
    private readonly SecretBox _box;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SegmentedLog _log;
    private readonly LogWaiters _waiters;
    private readonly Lock _gate = new(); // guards all below; the log has a lock of its own inside it
    private readonly DeliveryLanes _lanes;
    private readonly Queue<DeliveryEntry> _order = new(); // all that is not settled, and settled ones behind an older one that is not
    private readonly HashSet<long> _settled = [];
    private readonly RuleTimes _latency = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly HashSet<Task> _sending = [];
    private Task _loop = Task.CompletedTask;
    private DeliverySettings _settings;
    private long _lastSource = -1, _lastItem, _trimmed, _delivered, _failedTries, _refusals, _dropped;
    private string? _lastError;
    private DateTimeOffset? _lastErrorAt;
    private bool _wasDown, _isStarted;

    /// <param name="refused">Told of what is given up, before it is settled.</param>
    public DeliveryQueue(
        DeliveryName name, ILogFiles files, DeliverySettings settings, Func<string, IParcelSender?> senders,
        Func<DeliveryQueue, DeliveryItem, RuleActionFailure, int, DateTimeOffset, Task> refused, SecretBox box, TimeProvider time, ILogger logger)
    {
        (_name, _settings, _senders, _refused, _box, _time, _logger) = (name, settings, senders, refused, box, time, logger);
        _log = SegmentedLog.Open(files, new() { SegmentBytes = SegmentBytes, ZeroFill = false, MaxSpares = 1, MaxBytes = settings.MaxDiskBytes + (3L * SegmentBytes) });
        _waiters = new LogWaiters(_log);
        _lanes = new DeliveryLanes(settings.Order == DeliveryOrder.Strict ? 1 : settings.Concurrency, settings.ResendInterval, static () => Random.Shared.NextDouble());
        foreach (var damage in _log.Damage)
            LogDamaged(name.Rule, name.Place, damage.What);
        Recover();
        _log.Committed += _ => Signal();
        _log.Faulted += log => LogStoreFailed(_name.Rule, _name.Place, log.Problem ?? "unknown");
    }

    public DeliveryName Name => _name;

    public DeliverySettings Settings => _settings;

    public DeliveryStatus Status
    {
        get
        {
            lock (_gate)
                return new(
                    _name.Rule, _name.Place, _name.Action, _lanes.Count, _lanes.Count == 0 ? 0 : _log.NextPosition - _order.Peek().Position,
                    _lanes.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(_order.Peek().StoredAt), _lanes.IsDown, _lanes.UnderWay,
                    _delivered, _failedTries, _refusals, _dropped, _latency.Percentile(0.5), _latency.Percentile(0.99), _log.Problem ?? _lastError, _lastErrorAt);
        }
    }

    /// <summary>Begins to send; once.</summary>
    public void Start()
    {
        lock (_gate)
        {
            if (_isStarted)
                return;
            _isStarted = true;
            _loop = Task.Run(RunAsync);
        }
    }

    /// <summary>From the next message on; bounds on disk and the number under way count from the next start on.</summary>
    public void Use(DeliverySettings settings) => _settings = settings;

    /// <param name="isReplay">The message was taken before a crash: it is stored only where it was not stored then.</param>
    /// <returns>Null when it is on disk.</returns>
    public async Task<RuleActionFailure?> StoreAsync(string key, DeliveryItem item, bool isSealed, bool isReplay)
    {
        var body = DeliveryRecord.Write(item, isSealed ? _box : null);
        var header = System.Text.Encoding.UTF8.GetBytes(key);
        if (header.Length > ushort.MaxValue || body.Length + header.Length > _log.MaxRecordBytes - RecordFormat.OverheadBytes)
            return new(item.Parcel.Resource, $"the message is too large to be stored: {body.Length} bytes", "TooLarge", IsRecoverable: false);
        long position;
        lock (_gate)
        {
            if (isReplay && item.Source >= 0 && item.Source <= _lastSource)
                return null;
            MakeRoom(body.Length + header.Length + RecordFormat.OverheadBytes);
            position = _log.Append(DeliveryRecord.Item, header, body);
            if (position < 0)
                return new(item.Parcel.Resource, position == LogRefusal.Full ? "the disk is full: the message cannot be stored" : "the store of this action failed", "StoreFull", IsRecoverable: position == LogRefusal.Full);
            _lastItem = position;
            _lastSource = Math.Max(_lastSource, item.Source);
            var entry = new DeliveryEntry(position, RecordFormat.OverheadBytes + header.Length + body.Length, item.StoredAt);
            _order.Enqueue(entry);
            _lanes.Add(key, entry, isBacklog: false);
        }
        return await _waiters.DurableAsync(position) ? null : new(item.Parcel.Resource, "the store of this action failed", "StoreFailed", IsRecoverable: false);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop;
        Task[] sending;
        lock (_gate)
            sending = [.. _sending];
        await Task.WhenAll(sending);
        _log.Dispose();
        _waiters.Complete();
        _stopping.Dispose();
        _signal.Dispose();
    }

    private void Recover()
    {
        var settled = new HashSet<long>();
        var found = new List<(string Key, DeliveryEntry Entry)>();
        var reader = _log.ReadFrom(_log.FirstPosition, damage => LogDamaged(_name.Rule, _name.Place, damage.What));
        while (reader.TryRead(out var record))
        {
            var body = record.Body.Span;
            if (record.Type == DeliveryRecord.Settled)
            {
                settled.Add(BinaryPrimitives.ReadInt64LittleEndian(body));
                _lastSource = Math.Max(_lastSource, BinaryPrimitives.ReadInt64LittleEndian(body[8..]));
            }
            else if (record.Type == DeliveryRecord.Item)
            {
                found.Add((System.Text.Encoding.UTF8.GetString(record.Header.Span), new(record.Position, record.Length, DeliveryRecord.StoredAt(body))));
                _lastSource = Math.Max(_lastSource, DeliveryRecord.Source(body));
            }
        }
        foreach (var (key, entry) in found.Where(item => !settled.Contains(item.Entry.Position)))
        {
            _order.Enqueue(entry);
            _lanes.Add(key, entry, isBacklog: true);
        }
        _trimmed = _log.FirstPosition;
    }

    // The next message of the key waits until the mark is on disk, so that a crash in between repeats one message and no more. Where there is no
    // room for the mark it does not wait: that messages go is what makes room, and what a crash then repeats has the ids it had.
    private async Task SettleDurablyAsync(DeliveryLane lane, DeliveryEntry entry, bool wasTaken, Action<DeliveryQueue> count)
    {
        var mark = Mark(entry);
        if (mark >= 0)
            await _waiters.DurableAsync(mark, unlessFull: true);
        Settle(lane, entry, wasTaken, count);
    }

    private void Settle(DeliveryLane lane, DeliveryEntry entry, bool wasTaken, Action<DeliveryQueue> count)
    {
        bool isUp;
        lock (_gate)
        {
            _lanes.Settled(lane, wasTaken, Now);
            count(this);
            (isUp, _wasDown) = (_wasDown && !_lanes.IsDown, _lanes.IsDown);
            Forget(entry.Position);
            Trim();
        }
        if (isUp)
            LogUp(_name.Rule, _name.Place);
    }

    private long Mark(DeliveryEntry entry)
    {
        Span<byte> body = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(body, entry.Position);
        BinaryPrimitives.WriteInt64LittleEndian(body[8..], Interlocked.Read(ref _lastSource));
        return _log.Append(DeliveryRecord.Settled, default, body);
    }

    private void Forget(long position)
    {
        _settled.Add(position);
        while (_order.TryPeek(out var first) && _settled.Remove(first.Position))
            _order.Dequeue();
    }

    private void Trim()
    {
        var needed = _order.TryPeek(out var first) ? first.Position : _log.DurablePosition;
        var start = _log.SegmentStarts.LastOrDefault(start => start <= needed);
        if (start <= _trimmed)
            return;
        _trimmed = start;
        _log.TrimTo(start);
    }

    // Whole segments go, the oldest first; their messages are counted, for nobody can keep what there is no room for.
    private void MakeRoom(int length)
    {
        var isShort = (_log.IsShortOfRoom || _log.State == LogState.Full) && _trimmed <= _log.FirstPosition; // else room is being made already
        while (_log.NextPosition - _trimmed + length > _settings.MaxDiskBytes || isShort)
        {
            isShort = false;
            var next = _log.SegmentStarts.FirstOrDefault(start => start > _trimmed);
            if (next == 0)
                return;
            var dropped = _lanes.DropBefore(next);
            foreach (var position in dropped)
                Forget(position);
            _dropped += dropped.Count;
            if (dropped.Count > 0)
                LogDropped(_name.Rule, _name.Place, dropped.Count);
            _trimmed = next;
            _log.TrimTo(next);
        }
    }

    private void Note(RuleActionFailure failure)
    {
        _lastError = _box.Mask(failure.Message);
        _lastErrorAt = _time.GetUtcNow();
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Signal()
    {
        try
        {
            if (_signal.CurrentCount == 0)
                _signal.Release();
        }
        catch (Exception ex) when (ex is SemaphoreFullException or ObjectDisposedException)
        {
            // already awake, or over
        }
    }

    [LoggerMessage(7041, LogLevel.Information, "Rule {Rule}, {Place}: the other side takes messages again")]
    private partial void LogUp(string rule, string place);

    [LoggerMessage(7042, LogLevel.Warning, "Rule {Rule}, {Place}: {Count} messages were dropped to make room")]
    private partial void LogDropped(string rule, string place, int count);

    [LoggerMessage(7043, LogLevel.Error, "Rule {Rule}, {Place}: the store is damaged: {What}")]
    private partial void LogDamaged(string rule, string place, string what);

    [LoggerMessage(7044, LogLevel.Error, "Rule {Rule}, {Place}: the store failed: {Problem}")]
    private partial void LogStoreFailed(string rule, string place, string problem);
}
