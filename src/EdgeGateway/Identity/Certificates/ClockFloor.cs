using System.Globalization;
using System.Reflection;

namespace EdgeGateway.Identity.Certificates;

/// <summary>
/// Keeps the floor. A synchronised clock lifts it to the system time; otherwise it grows by the time really elapsed since the start
/// (the monotonic clock), so that a clock that jumps years ahead does not take the floor along and leave it there.
/// </summary>
internal sealed class ClockFloor : IClockFloor
{
    private readonly TimeProvider _time;
    private readonly string _file;
    private readonly Func<bool> _isSynchronised;
    private readonly long _startedAt;
    private readonly Lock _lock = new();                             // guards _floor
    private DateTimeOffset _floor;

    /// <param name="file">Holds the last persisted floor, ISO 8601; made if absent.</param>
    /// <param name="isSynchronised">Asks the system whether network time has set the clock.</param>
    public ClockFloor(string file, TimeProvider time, Func<bool> isSynchronised, DateTimeOffset buildTime)
    {
        _file = file;
        _time = time;
        _isSynchronised = isSynchronised;
        _startedAt = time.GetTimestamp();
        var persisted = File.Exists(file) && DateTimeOffset.TryParse(
            File.ReadAllText(file), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read) ? read : DateTimeOffset.MinValue;
        StartFloor = persisted > buildTime ? persisted : buildTime;
        _floor = StartFloor;
    }

    private DateTimeOffset StartFloor { get; }

    public DateTimeOffset Floor
    {
        get
        {
            var candidate = Trust == ClockTrust.Synchronised ? _time.GetUtcNow() : StartFloor + _time.GetElapsedTime(_startedAt);
            lock (_lock)
                return _floor = candidate > _floor ? candidate : _floor;
        }
    }

    public DateTimeOffset Now
    {
        get
        {
            var (now, floor) = (_time.GetUtcNow(), Floor);
            return now > floor ? now : floor;
        }
    }

    public ClockTrust Trust =>
        _time.GetUtcNow() < StartFloor ? ClockTrust.Behind : _isSynchronised() ? ClockTrust.Synchronised : ClockTrust.Unsynchronised;

    /// <summary>Writes the floor down: beside the old file first, then over it, so that a power cut leaves one of the two.</summary>
    /// <exception cref="IOException">The disk is full or read-only.</exception>
    public void Persist()
    {
        var next = _file + ".next";
        File.WriteAllText(next, Floor.ToString("O", CultureInfo.InvariantCulture));
        File.Move(next, _file, overwrite: true);
    }

    /// <summary>When this program was built: <c>AssemblyMetadata BuildTime</c>, else the file's own date, else a date before any release.</summary>
    public static DateTimeOffset BuildTime()
    {
        var stamped = typeof(ClockFloor).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(attribute => attribute.Key == "BuildTime")?.Value;
        return DateTimeOffset.TryParse(stamped, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var built)
            ? built : new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
