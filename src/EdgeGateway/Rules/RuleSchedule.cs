using System.Globalization;
using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <summary>
/// The member `schedule` of an `edge-1` rule: when it takes messages and ticks (docs/rules.md). `{"activeBetween":[{"from":"06:00","to":"22:00","days":"mon-fri"}]}`, with
/// times of day or, without `days`, dates such as `2026-12-24T18:00`; or `{"cron":"0 6 * * *","duration":"8h"}`. Local time.
/// </summary>
internal sealed class RuleSchedule
{
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    private readonly List<Range> _ranges = [];
    private readonly TimeZoneInfo _zone;
    private CronSchedule? _cron;
    private TimeSpan _duration;
    private long _known = -1; // the second looked at last, and what was found, in one word

    private RuleSchedule(TimeZoneInfo zone) => _zone = zone;

    /// <param name="Days">Bit a weekday, Sunday first; 0: the range is of dates, in <paramref name="FromDate"/> and <paramref name="ToDate"/>.</param>
    private readonly record struct Range(TimeSpan From, TimeSpan To, int Days, DateTime FromDate, DateTime ToDate);

    /// <param name="now">Unix milliseconds.</param>
    /// <remarks>Hot path: reckoned once a second.</remarks>
    public bool IsActive(long now)
    {
        var second = now / 1000;
        var known = Interlocked.Read(ref _known);
        if (known >> 1 == second)
            return (known & 1) != 0;
        var isActive = Reckon(DateTimeOffset.FromUnixTimeSeconds(second));
        Interlocked.Exchange(ref _known, (second << 1) | (isActive ? 1L : 0L));
        return isActive;
    }

    public static RuleSchedule? Read(string? json, SqlVersion version, TimeZoneInfo zone, out RuleError? error)
    {
        error = null;
        if (json is null)
            return null;
        if (version != SqlVersion.Edge1)
            return Fault("schedule needs awsIotSqlVersion edge-1", out error);
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
            return Fault("schedule is an object of activeBetween, or of cron and duration", out error);
        var schedule = new RuleSchedule(zone);
        if (Unknown(root, "activeBetween", "cron", "duration") is { } unknown)
            return Fault($"schedule has no member {unknown}; it has activeBetween, or cron and duration", out error);
        if (root.TryGetProperty("cron", out var cron))
        {
            schedule._cron = cron.ValueKind == JsonValueKind.String ? CronSchedule.Parse(cron.GetString()!, out _) : null;
            if (schedule._cron is null)
                return Fault("schedule.cron is no cron expression such as '0 6 * * mon-fri'", out error);
            if (Text(root, "duration") is not { } text || Units.ParseDuration(text) is not { } duration || duration <= TimeSpan.Zero)
                return Fault("schedule.duration is how long the rule is active after each time of cron, such as 8h", out error);
            schedule._duration = duration;
        }
        if (root.TryGetProperty("activeBetween", out var ranges) && (ranges.ValueKind != JsonValueKind.Array || !ranges.EnumerateArray().All(schedule.TryAdd)))
            return Fault("""schedule.activeBetween is a list of {"from":"06:00","to":"22:00","days":"mon-fri"}, or of dates without days""", out error);
        return schedule._cron is null && schedule._ranges.Count == 0 ? Fault("schedule has neither activeBetween nor cron", out error) : schedule;
    }

    private bool Reckon(DateTimeOffset now)
    {
        if (_cron?.After(now - _duration, _zone) is { } start && start <= now)
            return true;
        var local = TimeZoneInfo.ConvertTime(now, _zone);
        foreach (var range in _ranges)
        {
            if (range.Days == 0 ? local.DateTime >= range.FromDate && local.DateTime < range.ToDate : IsWithin(range, local))
                return true;
        }
        return false;
    }

    // Over midnight the day is that of the beginning.
    private static bool IsWithin(Range range, DateTimeOffset local)
    {
        var (time, today) = (local.TimeOfDay, 1 << (int)local.DayOfWeek);
        if (range.From < range.To)
            return (range.Days & today) != 0 && time >= range.From && time < range.To;
        var yesterday = 1 << (((int)local.DayOfWeek + 6) % 7);
        return ((range.Days & today) != 0 && time >= range.From) || ((range.Days & yesterday) != 0 && time < range.To);
    }

    private bool TryAdd(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object || Unknown(item, "from", "to", "days") is not null || Text(item, "from") is not { } from || Text(item, "to") is not { } to)
            return false;
        if (TryTime(from, out var start) && TryTime(to, out var end))
        {
            if (!TryDays(item.TryGetProperty("days", out _) ? Text(item, "days") : "sun-sat", out var days))
                return false;
            _ranges.Add(new(start, end, days, default, default));
            return true;
        }
        if (item.TryGetProperty("days", out _) || !TryDate(from, out var first) || !TryDate(to, out var last) || first >= last)
            return false;
        _ranges.Add(new(default, default, 0, first, last));
        return true;
    }

    private static bool TryTime(string text, out TimeSpan time)
    {
        time = TimeSpan.FromDays(1);
        return text == "24:00" || TimeSpan.TryParseExact(text, [@"hh\:mm", @"hh\:mm\:ss"], CultureInfo.InvariantCulture, out time);
    }

    private static bool TryDate(string text, out DateTime date) =>
        DateTime.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    private static bool TryDays(string? text, out int days)
    {
        days = 0;
        foreach (var part in text?.ToLowerInvariant().Split(',') ?? [])
        {
            var ends = part.Split('-');
            var (first, last) = (Array.IndexOf(Days, ends[0].Trim()), Array.IndexOf(Days, ends[^1].Trim()));
            if (ends.Length > 2 || first < 0 || last < 0)
                return false;
            for (var day = first; ; day = (day + 1) % 7)
            {
                days |= 1 << day;
                if (day == last)
                    break;
            }
        }
        return days != 0;
    }

    private static string? Unknown(JsonElement element, params string[] known) => element.EnumerateObject().Select(static member => member.Name).FirstOrDefault(name => !known.Contains(name));

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static RuleSchedule? Fault(string message, out RuleError? error)
    {
        error = new(RuleErrorKind.InvalidRequest, message);
        return null;
    }
}
