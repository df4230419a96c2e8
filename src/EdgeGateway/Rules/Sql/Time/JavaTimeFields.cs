using System.Globalization;

namespace EdgeGateway.Rules.Sql;

/// <summary>The fields a text gave, and the moment they make (java.time's smart resolving).</summary>
internal struct JavaTimeFields
{
    private Dictionary<char, long>? _values;

    public Zone? Zone { get; set; }

    public JavaTimeFields Copy() => new() { _values = _values is null ? null : new(_values), Zone = Zone };

    /// <returns>False where the field is there already with another value.</returns>
    public bool Set(char field, long value)
    {
        _values ??= [];
        return _values.TryAdd(field, value) || _values[field] == value;
    }

    public readonly long? ToEpochMilliseconds()
    {
        if (Date() is not { } date || NanosecondOfDay() is not { } nanoseconds)
            return null;
        var local = (date.DayNumber - 719162L) * 86400 + nanoseconds / 1_000_000_000;
        return (Zone ?? ZoneDatabase.Utc).ToUtc(local) * 1000 + nanoseconds % 1_000_000_000 / 1_000_000;
    }

    private readonly long? Get(char field) => _values is not null && _values.TryGetValue(field, out var value) ? value : null;

    private readonly DateOnly? Date()
    {
        var year = Get('u') ?? (Get('G') == 0 ? 1 - Get('y') : Get('y'));
        if (year is null && Get('Y') is >= 2 and <= 9998 and var weekYear && Get('w') is >= 1 and <= 53 and var week)
            return DateOnly.FromDateTime(ISOWeek.ToDateTime((int)weekYear, (int)week, (DayOfWeek)((Get('e') ?? 1) % 7)));
        if (year is not (>= 2 and <= 9998))
            return null;
        if (Get('M') is { } month)
        {
            // Within 1..31, a day its month does not have becomes the month's last.
            return month is >= 1 and <= 12 && Get('d') is >= 1 and <= 31 and var day
                ? new DateOnly((int)year, (int)month, (int)Math.Min(day, DateTime.DaysInMonth((int)year, (int)month)))
                : null;
        }
        return Get('D') is >= 1 and <= 366 and var dayOfYear && dayOfYear <= (DateTime.IsLeapYear((int)year) ? 366 : 365)
            ? new DateOnly((int)year, 1, 1).AddDays((int)dayOfYear - 1)
            : null;
    }

    private readonly long? NanosecondOfDay()
    {
        const long second = 1_000_000_000;
        if (Get('N') is { } nanoOfDay)
            return Within(nanoOfDay, 0, 86400 * second - 1);
        if (Get('A') is { } milliOfDay)
            return Within(milliOfDay, 0, 86_399_999) * 1_000_000;
        long? hour = Get('H') is { } h ? Within(h, 0, 24)
            : Get('k') is { } k ? Within(k, 1, 24) % 24
            : Get('h') is { } clock ? Within(clock, 1, 12) % 12 + 12 * Get('a')
            : Get('K') is { } half ? Within(half, 0, 11) + 12 * Get('a')
            : _values is not null && (_values.ContainsKey('m') || _values.ContainsKey('s')) ? null : 0;
        var (minute, seconds, nano) = (Within(Get('m') ?? 0, 0, 59), Within(Get('s') ?? 0, 0, 59), Within(Get('n') ?? 0, 0, second - 1));
        var total = ((hour * 60 + minute) * 60 + seconds) * second + nano;
        return hour == 24 && total != 86400 * second ? null : total; // 24:00 is the end of the day
    }

    private static long? Within(long value, long least, long most) => value >= least && value <= most ? value : null;
}
