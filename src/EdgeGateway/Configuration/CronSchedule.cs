using System.Globalization;

namespace EdgeGateway.Configuration;

/// <summary>
/// When something recurs, such as the firing of a clock rule: a cron expression of six fields (second, minute, hour, day of month, month, day of week) or five (from the
/// minute on), in the gateway's time zone, or an interval such as <c>30s</c>, aligned to the clock.
/// </summary>
/// <remarks>
/// Fields take <c>*</c>, <c>?</c>, numbers, lists, ranges, steps and English names. Where both days are restricted, either fits, as in crontab(5).
/// A time that a change to summer time leaves out is left out; one that comes twice counts once.
/// </remarks>
internal sealed class CronSchedule
{
    private const int MaxYears = 8; // 29 February is at most eight years away
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    private readonly ulong[] _fields;
    private readonly bool _anyDayOfMonth;
    private readonly bool _anyDayOfWeek;
    private readonly long _interval;

    private CronSchedule(ulong[] fields, bool anyDayOfMonth, bool anyDayOfWeek, long interval) =>
        (_fields, _anyDayOfMonth, _anyDayOfWeek, _interval) = (fields, anyDayOfMonth, anyDayOfWeek, interval);

    /// <returns>Null, with what is wrong in <paramref name="fault"/>.</returns>
    public static CronSchedule? Parse(string text, out string fault)
    {
        fault = "";
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 1)
            return Interval(parts[0], out fault);
        if (parts.Length is not (5 or 6))
        {
            fault = $"'{text}' has {parts.Length} fields, expected second minute hour day month weekday, or an interval such as 30s";
            return null;
        }
        if (parts.Length == 5)
            parts = ["0", .. parts];
        (string Name, int Least, int Most, string[]? Names)[] kinds =
            [("second", 0, 59, null), ("minute", 0, 59, null), ("hour", 0, 23, null), ("day of month", 1, 31, null), ("month", 1, 12, Months), ("day of week", 0, 7, Days)];
        var fields = new ulong[6];
        for (var i = 0; i < 6; i++)
        {
            if (!TryField(parts[i], kinds[i].Least, kinds[i].Most, kinds[i].Names, out fields[i]))
            {
                fault = $"{kinds[i].Name} is '{parts[i]}', expected *, or numbers from {kinds[i].Least} to {kinds[i].Most} with lists, ranges and steps";
                return null;
            }
        }
        if ((fields[5] & (1UL << 7)) != 0)
            fields[5] |= 1; // Sunday has two numbers
        var schedule = new CronSchedule(fields, parts[3] is "*" or "?", parts[5] is "*" or "?", 0);
        if (schedule.After(DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc) is not null)
            return schedule;
        fault = $"'{text}' names a day that never comes";
        return null;
    }

    /// <summary>The first moment behind <paramref name="time"/>; null: there is none.</summary>
    public DateTimeOffset? After(DateTimeOffset time, TimeZoneInfo zone)
    {
        if (_interval > 0)
            return DateTimeOffset.FromUnixTimeMilliseconds(((time.ToUnixTimeMilliseconds() / _interval) + 1) * _interval);
        var start = TimeZoneInfo.ConvertTime(time, zone).DateTime;
        var local = new DateTime(start.Year, start.Month, start.Day, start.Hour, start.Minute, start.Second).AddSeconds(1);
        var end = local.AddYears(MaxYears);
        while (Next(local, end) is { } found)
        {
            if (!zone.IsInvalidTime(found) && new DateTimeOffset(found, zone.GetUtcOffset(found)) is var moment && moment > time)
                return moment;
            local = found.AddSeconds(1);
        }
        return null;
    }

    private DateTime? Next(DateTime local, DateTime end)
    {
        while (local < end)
        {
            if (!Has(4, local.Month))
                local = new DateTime(local.Year, local.Month, 1).AddMonths(1);
            else if (!IsDay(local))
                local = local.Date.AddDays(1);
            else if (!Has(2, local.Hour))
                local = local.Date.AddHours(local.Hour + 1);
            else if (!Has(1, local.Minute))
                local = local.Date.AddHours(local.Hour).AddMinutes(local.Minute + 1);
            else if (!Has(0, local.Second))
                local = local.AddSeconds(1);
            else
                return local;
        }
        return null;
    }

    private bool Has(int field, int value) => (_fields[field] & (1UL << value)) != 0;

    private bool IsDay(DateTime local)
    {
        var (ofMonth, ofWeek) = (Has(3, local.Day), Has(5, (int)local.DayOfWeek));
        return _anyDayOfMonth || _anyDayOfWeek ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    private static CronSchedule? Interval(string text, out string fault)
    {
        (string Unit, long Milliseconds)[] units = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
        fault = $"'{text}' is no interval, expected a whole number with ms, s, m, h or d, from 100ms to 30d, or a cron expression";
        foreach (var (unit, milliseconds) in units)
            if (text.EndsWith(unit, StringComparison.Ordinal) && long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                return count is > 0 and < 10_000_000_000 && count * milliseconds is >= 100 and <= 30 * 86_400_000L and var interval ? new([], false, false, interval) : null;
        return null;
    }

    private static bool TryField(string text, int least, int most, string[]? names, out ulong field)
    {
        field = 0;
        foreach (var part in text.Split(','))
        {
            var slash = part.IndexOf('/', StringComparison.Ordinal);
            var step = 1;
            if (slash >= 0 && (!int.TryParse(part.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out step) || step < 1))
                return false;
            var range = slash < 0 ? part : part[..slash];
            var dash = range.IndexOf('-', StringComparison.Ordinal);
            int first, last;
            if (range is "*" or "?")
                (first, last) = (least, most == 7 ? 6 : most);
            else if (!TryNumber(dash < 0 ? range : range[..dash], least, most, names, out first) | !TryNumber(dash < 0 ? range : range[(dash + 1)..], least, most, names, out last))
                return false;
            else if (dash < 0 && slash >= 0)
                last = most;
            if (first > last)
                return false;
            for (var value = first; value <= last; value += step)
                field |= 1UL << value;
        }
        return field != 0;
    }

    private static bool TryNumber(string text, int least, int most, string[]? names, out int number)
    {
        var named = names is null ? -1 : Array.FindIndex(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (named >= 0)
        {
            number = named + least;
            return true;
        }
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
    }
}
