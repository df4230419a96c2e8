using System.Buffers.Binary;
using EdgeGateway.Storage.Log;

namespace EdgeGateway.Sync.Store;

/// <summary>
/// Says when a stored message came, also where the clock was wrong at that moment: a Pi has no clock chip, and counts from its last
/// shutdown until the network tells the time. A stamp carries the machine's uptime, and what the clock said at an uptime is
/// kept per boot as soon as it is right: stamps of that boot are corrected by it, also after the next one.
/// </summary>
internal sealed class ArrivalClock : IDisposable
{
    private const int EntryBytes = 12, MaxBoots = 32, StepMilliseconds = 1000;
    private readonly TimeProvider _time;
    private readonly Func<bool> _isSet;
    private readonly int _boot;
    private readonly TwoSlotFile _file;
    private readonly Lock _gate = new(); // guards the map
    private readonly List<(int Boot, long Offset)> _offsets = []; // Unix ms at uptime 0, oldest boot first
    private volatile bool _isSetNow;

    /// <param name="boot">Tells boots of the machine apart.</param>
    /// <param name="isSet">Whether the clock has been set by the network or a clock chip.</param>
    public ArrivalClock(ILogFiles files, TimeProvider time, int boot, Func<bool> isSet)
    {
        _time = time;
        _boot = boot;
        _isSet = isSet;
        _file = new(files, "clock", "EGCLOCK1"u8, MaxBoots * EntryBytes);
        for (var content = _file.Content.AsSpan(); content.Length >= EntryBytes && content[..EntryBytes].ContainsAnyExcept((byte)0); content = content[EntryBytes..])
            _offsets.Add((BinaryPrimitives.ReadInt32LittleEndian(content), BinaryPrimitives.ReadInt64LittleEndian(content[4..])));
        Observe();
    }

    private long Uptime => (long)_time.GetElapsedTime(0).TotalMilliseconds;

    private long Offset => _time.GetUtcNow().ToUnixTimeMilliseconds() - Uptime;

    /// <param name="receivedAt">Unix ms by the clock of this moment.</param>
    public MessageStamp Stamp(long receivedAt) => new(receivedAt, Uptime, _boot, _isSetNow);

    /// <summary>Looks at the clock; to be called now and then. Writes once a boot, and when the clock is moved.</summary>
    public void Observe()
    {
        if (!(_isSetNow = _isSet()))
            return;
        var offset = Offset;
        lock (_gate)
        {
            var known = _offsets.FindIndex(each => each.Boot == _boot);
            if (known >= 0 && Math.Abs(_offsets[known].Offset - offset) < StepMilliseconds)
                return;
            if (known >= 0)
                _offsets.RemoveAt(known);
            _offsets.Add((_boot, offset));
            if (_offsets.Count > MaxBoots)
                _offsets.RemoveAt(0);
            Save();
        }
    }

    /// <returns>When it came in Unix ms; null: nobody knows, the clock of that boot was never set.</returns>
    public long? ArrivedAt(in MessageStamp stamp)
    {
        if (stamp.Trusted)
            return stamp.ReceivedAt;
        var boot = stamp.Boot;
        lock (_gate)
            foreach (var (known, offset) in _offsets)
                if (known == boot)
                    return stamp.Uptime + offset;
        return null;
    }

    public void Dispose() => _file.Dispose();

    private void Save()
    {
        var content = new byte[_offsets.Count * EntryBytes];
        for (var i = 0; i < _offsets.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(i * EntryBytes), _offsets[i].Boot);
            BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan((i * EntryBytes) + 4), _offsets[i].Offset);
        }
        _file.Save(content);
    }
}
