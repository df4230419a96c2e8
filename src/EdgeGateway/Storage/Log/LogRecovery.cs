using System.Security.Cryptography;

namespace EdgeGateway.Storage.Log;

/// <summary>
/// Opens what a log's folder holds after a clean stop or a crash. Only the last segment is read: those before it were synced
/// whole and are verified when somebody reads them.
/// </summary>
internal sealed class LogRecovery(ILogFiles files, SegmentedLogOptions options)
{
    private const string DamagedSuffix = ".damaged";
    private readonly List<LogDamage> _damage = [];
    private readonly List<(string Name, ILogFile File)> _empty = [];

    public IReadOnlyList<LogDamage> Damage => _damage;

    /// <summary>Where the next record goes.</summary>
    public long Next { get; private set; }

    public SegmentFiles Run()
    {
        var (headed, headless) = OpenAll();
        var seed = headed.Count > 0 ? headed[0].Seed : BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
        var live = Settle(headed, headless, seed);
        ReportGaps(live);
        var segments = new SegmentFiles(files, options, seed);
        segments.Adopt(live);
        foreach (var (name, file) in _empty)
            segments.AdoptSpare(name, file);
        if (live.Count == 0)
        {
            segments.Extend(Next);
            Next = segments.Current.First;
        }
        else if (Next > segments.Current.Base)
        {
            segments.Extend(Next); // what was last is set aside: its positions are not used again
            Next = segments.Current.First;
        }
        else
            Next = CutTail(segments.Current);
        files.SyncNames();
        return segments;
    }

    private (List<Segment> Headed, List<(long Base, string Name, ILogFile File)> Headless) OpenAll()
    {
        var headed = new List<Segment>();
        var headless = new List<(long, string, ILogFile)>();
        foreach (var name in files.List().Order(StringComparer.Ordinal))
        {
            if (SegmentFiles.IsSpare(name))
                _empty.Add((name, files.Open(name)));
            else if (Segment.BaseOf(name) is { } position)
            {
                var file = files.Open(name);
                if (Segment.TryOpen(name, file) is not { } segment)
                    headless.Add((position, name, file));
                else if (segment.Base != position)
                    SetAside(name, file, position, segment.End - segment.Base + position, "the file is not the segment its name says");
                else
                    headed.Add(segment);
            }
        }
        return (headed, headless);
    }

    // The header was synced before the file got its name, so a bad one is damage. The log's seed still tells its records.
    private List<Segment> Settle(List<Segment> headed, List<(long Base, string Name, ILogFile File)> headless, uint seed)
    {
        var live = new List<Segment>(headed);
        foreach (var (position, name, file) in headless)
        {
            var segment = new Segment(name, file, position, (int)Math.Min(file.Length, int.MaxValue), seed);
            var hasRecords = segment.Capacity > Segment.HeaderBytes
                && RecordFormat.Find(segment.ReadToEnd(segment.First), 0, segment.First, segment.End, seed) >= 0;
            if (hasRecords)
            {
                _damage.Add(new(position, segment.First, $"{name}: the header is damaged; its records were kept"));
                live.Add(segment);
            }
            else
                SetAside(name, file, position, segment.End, "the header is damaged and no record can be verified");
        }
        live.Sort(static (a, b) => a.Base.CompareTo(b.Base));
        return live;
    }

    private void SetAside(string name, ILogFile file, long from, long to, string what)
    {
        _damage.Add(new(from, to, $"{name}: {what}; kept aside as {name}{DamagedSuffix}"));
        Next = Math.Max(Next, to);
        file.Dispose();
        files.Rename(name, name + DamagedSuffix);
    }

    private void ReportGaps(List<Segment> live)
    {
        for (var i = 1; i < live.Count; i++)
            if (live[i].Base != live[i - 1].End)
                _damage.Add(new(live[i - 1].End, live[i].Base, $"no segment file holds what lies between {live[i - 1].Name} and {live[i].Name}"));
    }

    private long CutTail(Segment last)
    {
        if (last.File.Length < last.Capacity)
            last.File.Allocate(last.Capacity);
        var bytes = last.ReadToEnd(last.First);
        var offset = 0;
        while (true)
        {
            while (RecordFormat.IsValid(bytes.AsSpan(offset), last.First + offset, last.End, last.Seed))
            {
                if (RecordFormat.IsSeal(bytes.AsSpan(offset)))
                    return last.First + offset; // the next segment was never made: this one goes on where the seal is
                offset += RecordFormat.LengthOf(bytes.AsSpan(offset));
            }
            var later = RecordFormat.Find(bytes, offset + 1, last.First, last.End, last.Seed);
            if (later < 0)
                return last.First + offset;
            if (!WasDurable(last, bytes, offset, later))
            {
                Wipe(last, bytes, offset, later);
                return last.First + offset;
            }
            _damage.Add(new(last.First + offset, last.First + later, $"{last.Name}: {later - offset} bytes are damaged"));
            offset = later;
        }
    }

    // A batch is written after the one before it was synced: any record of a later batch proves that this place was durable once.
    private static bool WasDurable(Segment last, byte[] bytes, int torn, int later)
    {
        for (; later >= 0; later = RecordFormat.Find(bytes, later + RecordFormat.LengthOf(bytes.AsSpan(later)), last.First, last.End, last.Seed))
            if (RecordFormat.BatchStartOf(bytes.AsSpan(later)) > last.First + torn)
                return true;
        return false;
    }

    // Whole records behind the tear were never acknowledged; left there, a later record that ends just before them would revive them.
    private static void Wipe(Segment last, byte[] bytes, int from, int later)
    {
        var to = from;
        for (; later >= 0; later = RecordFormat.Find(bytes, to, last.First, last.End, last.Seed))
            to = later + RecordFormat.LengthOf(bytes.AsSpan(later));
        last.File.Write(new byte[to - from], last.First + from - last.Base);
        last.File.Sync();
    }
}
