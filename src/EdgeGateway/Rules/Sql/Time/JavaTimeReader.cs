namespace EdgeGateway.Rules.Sql;

/// <summary>Reads one element of a java.time pattern from the text.</summary>
internal static class JavaTimeReader
{
    private const int MaxDigits = 18;

    public static bool TryRead(JavaTimeElement element, string text, ref int at, ref JavaTimeFields fields)
    {
        if (element.IsNumber)
            return TryReadNumber(element, text, ref at, ref fields);
        switch (element.Letter)
        {
            case '\'':
                if (!text.AsSpan(at).StartsWith(element.Literal, StringComparison.Ordinal))
                    return false;
                at += element.Literal.Length;
                return true;
            case 'p':
                while (at < text.Length && text[at] == ' ')
                    at++;
                return true;
            case 'M' or 'L':
                return TryReadName(EnglishNames.Months, element.Count == 3 ? 3 : 0, text, ref at, out var month) && fields.Set('M', month + 1);
            case 'E' or 'e' or 'c':
                return TryReadName(EnglishNames.Days, element.Count <= 3 ? 3 : 0, text, ref at, out var day) && fields.Set('e', day + 1);
            case 'a':
                return TryReadName(["AM", "PM"], 0, text, ref at, out var half) && fields.Set('a', half);
            case 'G':
                return TryReadName(element.Count == 4 ? ["Before Christ", "Anno Domini"] : ["BC", "AD"], 0, text, ref at, out var era) && fields.Set('G', era);
            case 'Q' or 'q':
                return TryReadName(element.Count == 3 ? ["Q1", "Q2", "Q3", "Q4"] : ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"], 0, text, ref at, out var quarter)
                    && fields.Set('Q', quarter + 1);
            case 'V' or 'z':
                if (ZoneDatabase.FindAtStart(text.AsSpan(at)) is not { } found && !TryShortName(text, at, out found))
                    return false;
                at += found.Length;
                fields.Zone = found.Zone;
                return true;
            case 'O' or 'X' or 'x' or 'Z':
                return TryReadOffset(element, text, ref at, ref fields);
            default:
                return false;
        }
    }

    private static bool TryReadNumber(JavaTimeElement element, string text, ref int at, ref JavaTimeFields fields)
    {
        var negative = false;
        if (element.Letter is 'u' or 'y' && !element.IsFixedNumber && at < text.Length && text[at] is '+' or '-' && element.Letter is 'u' or 'y')
            negative = text[at++] == '-';
        var available = 0;
        while (at + available < text.Length && char.IsAsciiDigit(text[at + available]))
            available++;
        var isFraction = element.Letter == 'S';
        var (least, most) = element switch
        {
            { IsFixedNumber: true } => (element.Count, element.Count),
            { Letter: 'D' } => (element.Count, 3),
            _ => (element.Count, MaxDigits),
        };
        var take = Math.Min(available, most);
        if (element.Reserved > 0)
            take = Math.Max(least, Math.Min(take, available - element.Reserved));
        if (take < least || take > available || take > MaxDigits)
            return false;
        var value = 0L;
        for (var i = 0; i < take; i++)
            value = value * 10 + (text[at + i] - '0');
        at += take;
        if (isFraction)
        {
            for (var digits = take; digits < 9; digits++)
                value *= 10;
            for (var digits = take; digits > 9; digits--)
                value /= 10;
        }
        if (element.Count == 2 && element.Letter is 'y' or 'u' or 'Y' && element.Count == 2)
            value += 2000; // two digits are a year of this century (DateTimeFormatterBuilder.appendValueReduced)
        return fields.Set(Canonical(element.Letter), negative ? -value : value);
    }

    private static char Canonical(char letter) => letter switch { 'L' => 'M', 'q' => 'Q', 'c' => 'e', 'S' => 'n', _ => letter };

    // Zone names that are no ids: the common abbreviations, by the zone they stand for.
    private static bool TryShortName(string text, int at, out (Zone Zone, int Length) found)
    {
        found = default;
        foreach (var (name, id) in (ReadOnlySpan<(string, string)>)
        [
            ("AKST", "America/Anchorage"), ("AKDT", "America/Anchorage"), ("PST", "America/Los_Angeles"), ("PDT", "America/Los_Angeles"),
            ("MDT", "America/Denver"), ("CST", "America/Chicago"), ("CDT", "America/Chicago"), ("EDT", "America/New_York"),
            ("CEST", "Europe/Paris"), ("EEST", "Europe/Bucharest"), ("WEST", "Europe/Lisbon"), ("BST", "Europe/London"),
            ("MSK", "Europe/Moscow"), ("IST", "Asia/Kolkata"), ("JST", "Asia/Tokyo"), ("KST", "Asia/Seoul"),
            ("AEST", "Australia/Sydney"), ("AEDT", "Australia/Sydney"), ("NZST", "Pacific/Auckland"), ("NZDT", "Pacific/Auckland"),
        ])
        {
            if (!text.AsSpan(at).StartsWith(name, StringComparison.Ordinal) || ZoneDatabase.Find(id) is not { } zone)
                continue;
            found = (zone, name.Length);
            return true;
        }
        return false;
    }

    private static bool TryReadName(ReadOnlySpan<string> names, int shortLength, string text, ref int at, out int index)
    {
        for (index = 0; index < names.Length; index++)
        {
            var name = shortLength > 0 ? names[index].AsSpan(0, shortLength) : names[index];
            if (text.AsSpan(at).StartsWith(name, StringComparison.Ordinal))
            {
                at += name.Length;
                return true;
            }
        }
        return false;
    }

    private static bool TryReadOffset(JavaTimeElement element, string text, ref int at, ref JavaTimeFields fields)
    {
        var isLocalized = element.Letter == 'O' || (element.Letter == 'Z' && element.Count == 4);
        if (isLocalized)
        {
            if (!text.AsSpan(at).StartsWith("GMT", StringComparison.Ordinal))
                return false;
            at += 3;
        }
        else if (at < text.Length && text[at] == 'Z' && (element.Letter == 'X' || element is { Letter: 'Z', Count: 5 }))
        {
            at++;
            fields.Zone = ZoneDatabase.Utc;
            return true;
        }
        var end = at;
        while (end < text.Length && end - at < 9 && (char.IsAsciiDigit(text[end]) || text[end] == ':' || (end == at && text[end] is '+' or '-')))
            end++;
        for (; end > at; end--)
        {
            if (ZoneDatabase.ParseOffset(text.AsSpan(at, end - at)) is { } seconds)
            {
                fields.Zone = Zone.Fixed(text[at..end], seconds);
                at = end;
                return true;
            }
        }
        if (isLocalized)
            fields.Zone = ZoneDatabase.Utc;
        return isLocalized;
    }
}
