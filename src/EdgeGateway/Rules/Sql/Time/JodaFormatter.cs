using System.Globalization;
using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>Writes a moment by a Joda-Time pattern, for `parse_time` (AWS guide: SQL functions).</summary>
internal static class JodaFormatter
{
    private const int MaxPatternChars = 1024;
    private static readonly long MinMilliseconds = DateTimeOffset.MinValue.ToUnixTimeMilliseconds() + 86_400_000;
    private static readonly long MaxMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() - 86_400_000;

    /// <returns>Null where the pattern or the moment is none.</returns>
    public static string? Format(string pattern, long milliseconds, Zone zone)
    {
        if (milliseconds < MinMilliseconds || milliseconds > MaxMilliseconds || pattern.Length is 0 or > MaxPatternChars)
            return null;
        var (offset, name) = zone.At(Math.DivRem(milliseconds, 1000, out var part) - (part < 0 ? 1 : 0));
        var local = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime.AddSeconds(offset);
        var text = new StringBuilder();
        for (var i = 0; i < pattern.Length;)
        {
            var letter = pattern[i];
            if (letter == '\'')
            {
                if (!AppendQuoted(pattern, ref i, text))
                    return null;
                continue;
            }
            if (!char.IsAsciiLetter(letter))
            {
                text.Append(letter);
                i++;
                continue;
            }
            var count = 1;
            while (i + count < pattern.Length && pattern[i + count] == letter)
                count++;
            if (!(letter is 'z' or 'Z' ? AppendZone(text, letter, count, offset, name, zone.Id) : Append(text, letter, count, local)))
                return null;
            i += count;
        }
        return text.ToString();
    }

    private static bool AppendQuoted(string pattern, ref int at, StringBuilder text)
    {
        var start = at;
        for (at++; at < pattern.Length; at++)
        {
            if (pattern[at] != '\'')
            {
                text.Append(pattern[at]);
            }
            else if (at + 1 < pattern.Length && pattern[at + 1] == '\'' && at > start + 1)
            {
                text.Append('\'');
                at++;
            }
            else
            {
                if (at == start + 1)
                    text.Append('\''); // '' outside of quotes
                at++;
                return true;
            }
        }
        return false;
    }

    private static bool Append(StringBuilder text, char letter, int count, DateTime local)
    {
        switch (letter)
        {
            case 'G':
                text.Append("AD"); // the moments that can be told here all are
                return true;
            case 'E':
                text.Append(count >= 4 ? EnglishNames.Days[IsoDay(local) - 1] : EnglishNames.Days[IsoDay(local) - 1][..3]);
                return true;
            case 'M' when count >= 3:
                text.Append(count >= 4 ? EnglishNames.Months[local.Month - 1] : EnglishNames.Months[local.Month - 1][..3]);
                return true;
            case 'a':
                text.Append(local.Hour < 12 ? "AM" : "PM");
                return true;
            case 'S':
                var fraction = local.Millisecond.ToString("000", CultureInfo.InvariantCulture);
                text.Append(count <= 3 ? fraction[..count] : fraction.PadRight(count, '0'));
                return true;
            case 'y' or 'Y' or 'x' when count == 2:
                text.Append((YearOf(letter, local) % 100).ToString("00", CultureInfo.InvariantCulture));
                return true;
        }
        int? number = letter switch
        {
            'C' => local.Year / 100,
            'y' or 'Y' or 'x' => YearOf(letter, local),
            'w' => ISOWeek.GetWeekOfYear(local),
            'e' => IsoDay(local),
            'D' => local.DayOfYear,
            'M' => local.Month,
            'd' => local.Day,
            'K' => local.Hour % 12,
            'h' => (local.Hour + 11) % 12 + 1,
            'H' => local.Hour,
            'k' => (local.Hour + 23) % 24 + 1,
            'm' => local.Minute,
            's' => local.Second,
            _ => null,
        };
        text.Append(number?.ToString(CultureInfo.InvariantCulture).PadLeft(count, '0'));
        return number is not null;
    }

    private static bool AppendZone(StringBuilder text, char letter, int count, int offset, string name, string id)
    {
        text.Append((letter, count) switch
        {
            ('Z', 1) => Zone.OffsetText(offset, colon: false),
            ('Z', 2) => Zone.OffsetText(offset, colon: true),
            ('Z', _) => id,
            ('z', >= 4) => EnglishNames.LongZoneName(name) ?? ShortName(name, offset, id),
            _ => ShortName(name, offset, id),
        });
        return true;
    }

    private static string ShortName(string name, int offset, string id)
    {
        if (id is "UTC" or "Z")
            return "UTC";
        return name[0] is '+' or '-' ? Zone.OffsetText(offset, colon: true) : name;
    }

    private static int YearOf(char letter, DateTime local) => letter == 'x' ? ISOWeek.GetYear(local) : local.Year;

    private static int IsoDay(DateTime local) => local.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)local.DayOfWeek;
}
