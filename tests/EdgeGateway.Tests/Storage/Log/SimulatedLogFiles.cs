using EdgeGateway.Storage.Log;

namespace EdgeGateway.Tests.Storage.Log;

/// <summary>
/// A disk below the log's door that can lose its power. What was not synced is lost, kept or torn, each 512-byte sector by itself;
/// names change in their order, as a journalling file system keeps it, up to some point after the last sync.
/// </summary>
internal sealed class SimulatedLogFiles : ILogFiles
{
    private const int SectorBytes = 512;
    private readonly Dictionary<string, SimulatedFile> _names = [];
    private readonly Dictionary<string, SimulatedFile> _durableNames = [];
    private readonly List<Action<Dictionary<string, SimulatedFile>>> _unsyncedNames = [];

    /// <summary>Calls of the door until the power goes; negative: never.</summary>
    public int CallsUntilPowerCut { get; set; } = -1;

    /// <summary>Every sync from now on fails once.</summary>
    public bool FailNextSync { get; set; }

    public long CapacityBytes { get; set; } = long.MaxValue;
    public int Syncs { get; private set; }

    public IEnumerable<string> SegmentNames => _names.Keys.Where(static name => name.EndsWith(".log", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public byte[] this[string name] => _names[name].Bytes;

    /// <summary>What a machine finds that starts again after the power went.</summary>
    public SimulatedLogFiles Crash(Random random)
    {
        var kept = new Dictionary<string, SimulatedFile>(_durableNames);
        foreach (var change in _unsyncedNames.Take(random.Next(_unsyncedNames.Count + 1)))
            change(kept);
        var after = new SimulatedLogFiles { CapacityBytes = CapacityBytes };
        foreach (var (name, file) in kept)
            after._names[name] = after._durableNames[name] = new(after, file.AfterCrash(random));
        return after;
    }

    public SimulatedLogFiles Copy()
    {
        var copy = new SimulatedLogFiles();
        foreach (var (name, file) in _names)
            copy._names[name] = copy._durableNames[name] = new(copy, [.. file.Bytes]);
        return copy;
    }

    public IReadOnlyList<string> List() => [.. _names.Keys];

    public ILogFile Open(string name) => _names[name];

    public ILogFile Create(string name)
    {
        Call();
        var file = new SimulatedFile(this, []);
        ChangeNames(names => names[name] = file);
        return file;
    }

    public void Rename(string from, string to)
    {
        Call();
        ChangeNames(names =>
        {
            names[to] = names[from];
            names.Remove(from);
        });
    }

    public void Delete(string name)
    {
        Call();
        ChangeNames(names => names.Remove(name));
    }

    public void SyncNames()
    {
        Call();
        foreach (var change in _unsyncedNames)
            change(_durableNames);
        _unsyncedNames.Clear();
    }

    private void ChangeNames(Action<Dictionary<string, SimulatedFile>> change)
    {
        change(_names);
        _unsyncedNames.Add(change);
    }

    private void Call()
    {
        if (CallsUntilPowerCut == 0)
            throw new IOException("the power is off");
        if (CallsUntilPowerCut > 0)
            CallsUntilPowerCut--;
    }

    private sealed class SimulatedFile(SimulatedLogFiles disk, byte[] bytes) : ILogFile
    {
        private readonly List<(long Offset, byte[] Bytes)> _unsynced = [];
        private byte[] _durable = [.. bytes];

        public byte[] Bytes { get; private set; } = bytes;

        public long Length => Bytes.Length;

        public int Read(Span<byte> buffer, long offset)
        {
            var count = (int)Math.Clamp(Bytes.Length - offset, 0, buffer.Length);
            Bytes.AsSpan((int)offset, count).CopyTo(buffer);
            return count;
        }

        public void Write(ReadOnlySpan<byte> written, long offset)
        {
            _unsynced.Add((offset, written.ToArray())); // before the call: a power cut in its middle leaves a part
            disk.Call();
            written.CopyTo(Bytes.AsSpan((int)offset));
        }

        public void Allocate(long length)
        {
            disk.Call();
            if (disk._names.Values.Sum(static file => file.Length) - Length + length > disk.CapacityBytes)
                throw new LogFullException("no room on the simulated disk");
            var grown = new byte[length];
            Bytes.CopyTo(grown, 0);
            Bytes = grown;
        }

        public void Sync()
        {
            disk.Call();
            disk.Syncs++;
            if (disk.FailNextSync)
            {
                disk.FailNextSync = false;
                _unsynced.Clear(); // as the kernel does: the dirty pages are gone, and the next sync succeeds
                throw new IOException("the simulated disk failed to sync");
            }
            _durable = [.. Bytes];
            _unsynced.Clear();
        }

        public byte[] AfterCrash(Random random)
        {
            var after = new byte[random.Next(2) == 0 ? Bytes.Length : _durable.Length];
            _durable.AsSpan(0, Math.Min(_durable.Length, after.Length)).CopyTo(after);
            foreach (var (offset, written) in _unsynced)
                for (var at = 0; at < written.Length;)
                {
                    var count = (int)Math.Min(written.Length - at, SectorBytes - ((offset + at) % SectorBytes));
                    if (random.Next(2) == 0 && offset + at + count <= after.Length)
                        written.AsSpan(at, count).CopyTo(after.AsSpan((int)offset + at));
                    at += count;
                }
            return after;
        }

        public void Dispose()
        {
        }
    }
}
