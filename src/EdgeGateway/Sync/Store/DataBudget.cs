using System.Buffers.Binary;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Sync.Store;

/// <summary>
/// Bytes that may go over a metered line in a calendar month (UTC). What was used survives restarts; after a power cut up to
/// a hundredth of the budget is forgotten.
/// </summary>
/// <param name="budget">Bytes a month; null: no limit, nothing is written down.</param>
internal sealed class DataBudget(ILogFiles files, long? budget, TimeProvider time) : IDisposable
{
    private const int ContentBytes = 16, SavesPerBudget = 100;
    private readonly Lock _gate = new(); // guards the fields below
    private readonly TwoSlotFile? _file = budget is null ? null : new(files, "month", "EGMONTH1"u8, ContentBytes);
    private long _month = -1, _used, _saved;

    public long? Budget => budget;

    /// <summary>In this month.</summary>
    public long Used
    {
        get
        {
            lock (_gate)
            {
                TurnMonth();
                return _used;
            }
        }
    }

    public bool IsUsedUp => budget is { } most && Used >= most;

    /// <summary>When the next budget begins.</summary>
    public DateTimeOffset Renews
    {
        get
        {
            var now = time.GetUtcNow();
            return new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
        }
    }

    public void Spend(int bytes)
    {
        if (budget is not { } most)
            return;
        lock (_gate)
        {
            TurnMonth();
            _used += bytes;
            if (_used - _saved >= most / SavesPerBudget)
                Save();
        }
    }

    public void Dispose()
    {
        lock (_gate)
            if (_file is not null && _used != _saved)
                Save();
        _file?.Dispose();
    }

    private void TurnMonth()
    {
        if (_file is null)
            return;
        var now = time.GetUtcNow();
        var month = (now.Year * 12L) + now.Month;
        if (_month == -1)
        {
            _month = BinaryPrimitives.ReadInt64LittleEndian(_file.Content);
            _saved = _used = BinaryPrimitives.ReadInt64LittleEndian(_file.Content.AsSpan(8));
        }
        if (month > _month) // a clock that falls back gives no second budget
            (_month, _used, _saved) = (month, 0, 0);
    }

    private void Save()
    {
        Span<byte> content = stackalloc byte[ContentBytes];
        BinaryPrimitives.WriteInt64LittleEndian(content, _month);
        BinaryPrimitives.WriteInt64LittleEndian(content[8..], _used);
        _file!.Save(content);
        _saved = _used;
    }
}
