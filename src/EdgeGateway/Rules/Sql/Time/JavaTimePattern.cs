using System.Collections.Concurrent;
using System.Text;

namespace EdgeGateway.Rules.Sql;

/// <summary>A pattern of java.time's DateTimeFormatter, for `time_to_epoch` (AWS guide: SQL functions): reads text into fields.</summary>
internal sealed class JavaTimePattern
{
    private const int MaxPatternChars = 1024;
    private const string Letters = "GuyDMLdQqYwWEecFahKkHmsSAnNVzOXxZ";
    private static readonly ConcurrentDictionary<string, JavaTimePattern?> Cache = new(StringComparer.Ordinal);
    private readonly JavaTimeElement[] _elements;

    private JavaTimePattern(JavaTimeElement[] elements) => _elements = elements;

    /// <returns>Null where the pattern is none.</returns>
    public static JavaTimePattern? Find(string pattern)
    {
        if (Cache.TryGetValue(pattern, out var known))
            return known;
        if (Cache.Count >= 256)
            Cache.Clear();
        return Cache[pattern] = Compile(pattern);
    }

    /// <returns>Milliseconds since 1970 UTC; null where the text does not fit or holds no date.</returns>
    public long? ToEpochMilliseconds(string text)
    {
        var fields = new JavaTimeFields();
        var at = 0;
        return TryRead(text, ref at, 0, _elements.Length, ref fields) && at == text.Length ? fields.ToEpochMilliseconds() : null;
    }

    private bool TryRead(string text, ref int at, int from, int to, ref JavaTimeFields fields)
    {
        for (var i = from; i < to; i++)
        {
            var element = _elements[i];
            if (element.Letter != '[')
            {
                if (element.Letter != ']' && !JavaTimeReader.TryRead(element, text, ref at, ref fields))
                    return false;
                continue;
            }
            var close = CloseOf(i, to);
            var (attempt, tried) = (at, fields.Copy());
            if (TryRead(text, ref attempt, i + 1, close, ref tried))
                (at, fields) = (attempt, tried);
            i = close;
        }
        return true;
    }

    private int CloseOf(int open, int to)
    {
        var depth = 0;
        for (var i = open; i < to; i++)
        {
            depth += _elements[i].Letter switch { '[' => 1, ']' => -1, _ => 0 };
            if (depth == 0)
                return i;
        }
        return to; // Java closes what was left open at the end
    }

    private static JavaTimePattern? Compile(string pattern)
    {
        if (pattern.Length is 0 or > MaxPatternChars)
            return null;
        var elements = new List<JavaTimeElement>();
        var depth = 0;
        for (var i = 0; i < pattern.Length;)
        {
            var letter = pattern[i];
            if (letter == '\'')
            {
                if (ReadQuoted(pattern, ref i) is not { } literal)
                    return null;
                elements.Add(new JavaTimeElement('\'', 1, literal, 0));
                continue;
            }
            var count = 1;
            if (char.IsAsciiLetter(letter))
            {
                while (i + count < pattern.Length && pattern[i + count] == letter)
                    count++;
                if (letter == 'p') // padding: the next field may have spaces in front
                {
                    i += count;
                    elements.Add(new JavaTimeElement('p', count, "", 0));
                    continue;
                }
                if (!Letters.Contains(letter))
                    return null;
            }
            depth += letter switch { '[' => 1, ']' => -1, _ => 0 };
            if (depth is < 0 or > 16 || letter is '{' or '}' or '#')
                return null;
            var isLiteral = !char.IsAsciiLetter(letter) && letter is not ('[' or ']');
            elements.Add(isLiteral ? new JavaTimeElement('\'', 1, letter.ToString(), 0) : new JavaTimeElement(letter, count, "", 0));
            i += count;
        }
        return new JavaTimePattern(Reserve(elements));
    }

    private static string? ReadQuoted(string pattern, ref int at)
    {
        if (at + 1 < pattern.Length && pattern[at + 1] == '\'')
        {
            at += 2;
            return "'";
        }
        var text = new StringBuilder();
        for (at++; at < pattern.Length; at++)
        {
            if (pattern[at] != '\'')
            {
                text.Append(pattern[at]);
                continue;
            }
            if (at + 1 >= pattern.Length || pattern[at + 1] != '\'')
            {
                at++;
                return text.ToString();
            }
            text.Append('\'');
            at++;
        }
        return null;
    }

    // "yyyyMMdd": the year takes what the fixed fields behind it leave (DateTimeFormatterBuilder, adjacent value parsing).
    private static JavaTimeElement[] Reserve(List<JavaTimeElement> elements)
    {
        var result = elements.ToArray();
        for (var i = 0; i < result.Length; i++)
        {
            if (!result[i].IsNumber || result[i].IsFixedNumber)
                continue;
            var reserved = 0;
            for (var next = i + 1; next < result.Length && result[next].IsFixedNumber; next++)
                reserved += result[next].Count;
            result[i] = result[i] with { Reserved = reserved };
        }
        return result;
    }
}
