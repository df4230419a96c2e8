using EdgeGateway.Configuration;

namespace EdgeGateway.Devices;

/// <summary>
/// Outputs that exclude each other. A value may go on only while the others of its groups are known to be off: as read back from their lines,
/// not as commanded. One that has not been read yet, or fails, counts as on.
/// </summary>
internal sealed class Interlocks
{
    private readonly Lock _lock = new(); // guards the groups
    private readonly TimeProvider _time;
    private readonly Group[] _groups;

    public Interlocks(IEnumerable<InterlockOptions> options, TimeProvider time)
    {
        _time = time;
        _groups = [.. options.Select(static group => new Group(group))];
    }

    /// <summary>Raised, outside of the lock, with the devices that may have waited for what has gone off.</summary>
    public event Action<string>? Freed;

    /// <summary>Takes the right to switch on; a value that has it keeps it.</summary>
    /// <param name="why">What is in the way.</param>
    /// <returns>False: another is on. Null in <paramref name="until"/> where only its going off helps, else time to wait.</returns>
    public bool TryActivate(string device, string value, out string? why, out TimeSpan? until)
    {
        lock (_lock)
        {
            (why, until) = (null, null);
            var mine = _groups.Select(group => (Group: group, Member: group.MemberOf(device, value))).Where(static entry => entry.Member is not null).ToArray();
            foreach (var (group, member) in mine)
            {
                if (group.Active(member!).Contains((device, value)))
                    continue;
                if (group.Members.FirstOrDefault(other => other != member && group.Active(other).Count > 0) is { } on)
                    why = $"interlocked with '{on}', which is on";
                else if (group.Members.FirstOrDefault(other => other != member && !group.Settled.Contains(InterlockOptions.Split(other).Device)) is { } unknown)
                    why = $"interlocked with '{unknown}', whose state is not known";
                else if (group.FreedAt is { } freed && group.FreedBy != member && group.Pause - _time.GetElapsedTime(freed) is { Ticks: > 0 } left)
                    (why, until) = ($"{Units.FormatDuration(group.Pause)} after '{group.FreedBy}' has gone off", left);
                if (why is not null)
                    return false;
            }
            foreach (var (group, member) in mine)
                group.Active(member!).Add((device, value));
            return true;
        }
    }

    /// <summary>The state as read back from the line.</summary>
    public void Settle(string device, IEnumerable<(string Value, bool IsActive)> values)
    {
        var freed = new HashSet<string>(StringComparer.Ordinal);
        lock (_lock)
        {
            foreach (var group in _groups)
            {
                if (!group.Members.Any(member => InterlockOptions.Split(member).Device == device))
                    continue;
                if (group.Settled.Add(device))
                    freed.UnionWith(group.Devices);
                foreach (var (value, isActive) in values)
                {
                    if (group.MemberOf(device, value) is not { } member)
                        continue;
                    if (isActive)
                        group.Active(member).Add((device, value));
                    else if (group.Active(member).Remove((device, value)) && group.Active(member).Count == 0)
                    {
                        (group.FreedAt, group.FreedBy) = (_time.GetTimestamp(), member);
                        freed.UnionWith(group.Devices);
                    }
                }
            }
        }
        freed.Remove(device);
        foreach (var other in freed)
            Freed?.Invoke(other);
    }

    /// <summary>Nobody knows what the device's line carries: it counts as on.</summary>
    public void Unknown(string device)
    {
        lock (_lock)
            foreach (var group in _groups)
                group.Settled.Remove(device);
    }

    private sealed class Group(InterlockOptions options)
    {
        private readonly Dictionary<string, HashSet<(string Device, string Value)>> _active = options.Members.ToDictionary(static member => member, static _ => new HashSet<(string, string)>());

        public IReadOnlyList<string> Members { get; } = options.Members;

        public IReadOnlyList<string> Devices { get; } = [.. options.Members.Select(static member => InterlockOptions.Split(member).Device).Distinct()];

        public TimeSpan Pause => options.Pause;

        public HashSet<string> Settled { get; } = new(StringComparer.Ordinal);

        public long? FreedAt { get; set; }

        public string? FreedBy { get; set; }

        public HashSet<(string Device, string Value)> Active(string member) => _active[member];

        public string? MemberOf(string device, string value) =>
            Members.FirstOrDefault(member => InterlockOptions.Split(member) is var (name, part) && name == device && (part.Length == 0 || part == value));
    }
}
