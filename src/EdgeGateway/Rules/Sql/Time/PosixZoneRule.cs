namespace EdgeGateway.Rules.Sql;

/// <summary>The rule behind a zone's last transition, in the form of the TZ variable (POSIX 1003.1 §8.3, RFC 8536 §3.3.1).</summary>
internal sealed class PosixZoneRule
{
    private readonly (int Offset, string Name) _standard;
    private readonly (int Offset, string Name) _daylight;
    private readonly Change _start;
    private readonly Change _end;
    private readonly bool _hasDaylight;

    private readonly record struct Change(char Form, int Month, int Week, int Day, int Seconds);

    private PosixZoneRule((int, string) standard, (int, string) daylight, Change start, Change end, bool hasDaylight) =>
        (_standard, _daylight, _start, _end, _hasDaylight) = (standard, daylight, start, end, hasDaylight);

    public static PosixZoneRule? Parse(string text)
    {
        var at = 0;
        if (ReadName(text, ref at) is not { } standardName || ReadTime(text, ref at) is not { } standardWest)
            return null;
        var standard = (-standardWest, standardName);
        if (at >= text.Length)
            return new PosixZoneRule(standard, standard, default, default, hasDaylight: false);
        if (ReadName(text, ref at) is not { } daylightName)
            return null;
        var daylightOffset = -standardWest + 3600;
        if (at < text.Length && text[at] != ',' && ReadTime(text, ref at) is { } daylightWest)
            daylightOffset = -daylightWest;
        return ReadChange(text, ref at) is { } start && ReadChange(text, ref at) is { } end
            ? new PosixZoneRule(standard, (daylightOffset, daylightName), start, end, hasDaylight: true)
            : null;
    }

    public (int OffsetSeconds, string Name) At(long utcSeconds)
    {
        if (!_hasDaylight)
            return _standard;
        var year = YearOf(utcSeconds + _standard.Offset);
        var start = SecondsOf(_start, year) - _standard.Offset;
        var end = SecondsOf(_end, year) - _daylight.Offset;
        var isDaylight = start < end ? utcSeconds >= start && utcSeconds < end : utcSeconds >= start || utcSeconds < end;
        return isDaylight ? _daylight : _standard;
    }

    private static int YearOf(long seconds)
    {
        var days = Math.Clamp(seconds / 86400, -719162, 2932896); // years 1 to 9999
        return DateOnly.FromDayNumber((int)days + 719162).Year;
    }

    // Local seconds since 1970 of the change in this year.
    private static long SecondsOf(Change change, int year)
    {
        DateOnly date;
        if (change.Form == 'M')
        {
            var first = new DateOnly(year, change.Month, 1);
            var day = 1 + (change.Day - (int)first.DayOfWeek + 7) % 7 + (change.Week - 1) * 7;
            if (day > DateTime.DaysInMonth(year, change.Month))
                day -= 7;
            date = new DateOnly(year, change.Month, day);
        }
        else
        {
            // J counts 1..365 without the leap day; the plain form 0..365 with it.
            var day = change.Form == 'J' ? change.Day - 1 + (DateTime.IsLeapYear(year) && change.Day >= 60 ? 1 : 0) : change.Day;
            date = new DateOnly(year, 1, 1).AddDays(day);
        }
        return (date.DayNumber - 719162L) * 86400 + change.Seconds;
    }

    private static string? ReadName(string text, ref int at)
    {
        var start = at;
        if (at < text.Length && text[at] == '<')
        {
            var close = text.IndexOf('>', at);
            if (close < 0)
                return null;
            at = close + 1;
            return text[(start + 1)..close];
        }
        while (at < text.Length && char.IsAsciiLetter(text[at]))
            at++;
        return at - start >= 3 ? text[start..at] : null;
    }

    // [+-]h[h[h]][:mm[:ss]] in seconds.
    private static int? ReadTime(string text, ref int at)
    {
        var negative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is '-' or '+')
            at++;
        if (ReadNumber(text, ref at) is not { } hours)
            return null;
        var seconds = hours * 3600;
        for (var unit = 60; unit >= 1 && at < text.Length && text[at] == ':'; unit /= 60)
        {
            at++;
            seconds += (ReadNumber(text, ref at) ?? 0) * unit;
        }
        return negative ? -seconds : seconds;
    }

    private static int? ReadNumber(string text, ref int at)
    {
        var start = at;
        var value = 0;
        while (at < text.Length && at - start < 4 && char.IsAsciiDigit(text[at]))
            value = value * 10 + (text[at++] - '0');
        return at > start ? value : null;
    }

    private static Change? ReadChange(string text, ref int at)
    {
        if (at >= text.Length || text[at++] != ',' || at >= text.Length)
            return null;
        var form = text[at];
        if (form is 'M' or 'J')
            at++;
        else
            form = 'n';
        var numbers = new int[3];
        for (var i = 0; i < (form == 'M' ? 3 : 1); i++)
        {
            if (i > 0 && (at >= text.Length || text[at++] != '.'))
                return null;
            if (ReadNumber(text, ref at) is not { } number)
                return null;
            numbers[i] = number;
        }
        var seconds = 7200;
        if (at < text.Length && text[at] == '/')
        {
            at++;
            seconds = ReadTime(text, ref at) ?? 7200;
        }
        return form == 'M'
            ? numbers[0] is >= 1 and <= 12 ? new Change(form, numbers[0], numbers[1], numbers[2], seconds) : null
            : new Change(form, 0, 0, numbers[0], seconds);
    }
}
