using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// Java's regular expressions on .NET's: classes are ASCII, possessive quantifiers become atomic groups, \Q…\E is quoted.
/// Matching runs without backtracking where the pattern allows it, else under a time limit.
/// </summary>
internal static class JavaRegex
{
    private const int MaxPatternChars = 4096;
    private const int MaxCached = 256;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(50);
    private static readonly ConcurrentDictionary<string, Regex?> Cache = new(StringComparer.Ordinal);

    /// <returns>Null where the pattern is none.</returns>
    public static Regex? Find(string pattern)
    {
        if (Cache.TryGetValue(pattern, out var known))
            return known;
        if (Cache.Count >= MaxCached)
            Cache.Clear();
        return Cache[pattern] = Compile(pattern);
    }

    private static Regex? Compile(string pattern)
    {
        if (pattern.Length > MaxPatternChars || Translate(pattern) is not { } translated)
            return null;
        try
        {
            return new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException) // back-references, look-around, atomic groups, or an automaton that would be too large
        {
            return new Regex(translated, RegexOptions.CultureInvariant, TimeLimit);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length + 16);
        var atomStart = 0;
        var groupStarts = new Stack<int>();
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            var start = result.Length;
            switch (c)
            {
                case '\\':
                    if (!TryEscape(pattern, ref i, result, inClass: false))
                        return null;
                    atomStart = start;
                    break;
                case '[':
                    if (!TryClass(pattern, ref i, result))
                        return null;
                    atomStart = start;
                    break;
                case '(':
                    groupStarts.Push(start);
                    result.Append(c);
                    break;
                case ')':
                    if (!groupStarts.TryPop(out atomStart))
                        return null;
                    result.Append(c);
                    break;
                case '+' when i > 0 && IsQuantifierEnd(pattern, i - 1) && result.Length > atomStart:
                    result.Insert(atomStart, "(?>").Append(')');
                    break;
                case '*' or '+' or '?':
                    result.Append(c);
                    break;
                case '{':
                    var close = pattern.IndexOf('}', i);
                    if (close < 0)
                        return null;
                    result.Append(pattern, i, close - i + 1);
                    i = close;
                    break;
                default:
                    result.Append(c);
                    atomStart = start;
                    break;
            }
        }
        return result.ToString();
    }

    // Whether a + behind this character is possessive: it follows *, +, ? or {…} that is itself a quantifier.
    private static bool IsQuantifierEnd(string pattern, int at)
    {
        if (pattern[at] is not ('*' or '+' or '?' or '}'))
            return false;
        var backslashes = 0;
        for (var i = at - 1; i >= 0 && pattern[i] == '\\'; i--)
            backslashes++;
        return backslashes % 2 == 0 && !(pattern[at] == '?' && at > 0 && pattern[at - 1] == '(');
    }

    // On the backslash; leaves the index on the last character of the escape.
    private static bool TryEscape(string pattern, ref int at, StringBuilder result, bool inClass)
    {
        if (++at >= pattern.Length)
            return false;
        var c = pattern[at];
        var ascii = c switch
        {
            'd' => "0-9",
            'w' => "a-zA-Z0-9_",
            's' => @" \t\n\v\f\r",
            'h' => @" \t\u00A0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000",
            _ => null,
        };
        var negated = c switch { 'D' => "0-9", 'W' => "a-zA-Z0-9_", 'S' => @" \t\n\v\f\r", _ => null };
        if (ascii is not null)
            result.Append(inClass ? ascii : $"[{ascii}]");
        else if (negated is not null && !inClass)
            result.Append($"[^{negated}]");
        else if (c == 'R' && !inClass)
            result.Append(@"(?:\r\n|[\n\v\f\r\u0085\u2028\u2029])");
        else if (c == 'Q')
            return TryQuote(pattern, ref at, result);
        else if (c is 'p' or 'P')
            return TryProperty(pattern, ref at, result, inClass);
        else
            result.Append('\\').Append(c);
        return true;
    }

    private static bool TryQuote(string pattern, ref int at, StringBuilder result)
    {
        var end = pattern.IndexOf(@"\E", at, StringComparison.Ordinal);
        var quoted = end < 0 ? pattern[(at + 1)..] : pattern[(at + 1)..end];
        result.Append("(?:").Append(Regex.Escape(quoted).Replace("]", @"\]", StringComparison.Ordinal)).Append(')');
        at = end < 0 ? pattern.Length - 1 : end + 1;
        return true;
    }

    private static bool TryProperty(string pattern, ref int at, StringBuilder result, bool inClass)
    {
        var close = at + 1 < pattern.Length && pattern[at + 1] == '{' ? pattern.IndexOf('}', at) : -1;
        if (close < 0)
            return false;
        var negated = pattern[at] == 'P';
        var name = pattern[(at + 2)..close];
        at = close;
        var ascii = name switch
        {
            "Alpha" => "a-zA-Z",
            "Digit" => "0-9",
            "Alnum" => "a-zA-Z0-9",
            "Lower" => "a-z",
            "Upper" => "A-Z",
            "Punct" => @"!-/:-@\[-`{-~",
            "Space" => @" \t\n\v\f\r",
            "XDigit" => "0-9a-fA-F",
            "ASCII" => @"\x00-\x7f",
            _ => null,
        };
        if (ascii is null)
            result.Append(negated ? @"\P{" : @"\p{").Append(name).Append('}');
        else if (!inClass)
            result.Append(negated ? "[^" : "[").Append(ascii).Append(']');
        else if (!negated)
            result.Append(ascii);
        else
            return false;
        return true;
    }

    // On the bracket; leaves the index on the closing one. Intersections (&&) and nested classes have no counterpart here.
    private static bool TryClass(string pattern, ref int at, StringBuilder result)
    {
        result.Append('[');
        at++;
        if (at < pattern.Length && pattern[at] == '^')
        {
            result.Append('^');
            at++;
        }
        for (var first = true; at < pattern.Length; at++, first = false)
        {
            var c = pattern[at];
            if (c == ']' && !first)
            {
                result.Append(']');
                return true;
            }
            if (c == '[' || (c == '&' && at + 1 < pattern.Length && pattern[at + 1] == '&'))
                return false;
            if (c == '\\')
            {
                if (!TryEscape(pattern, ref at, result, inClass: true))
                    return false;
            }
            else
            {
                result.Append(c);
            }
        }
        return false;
    }
}
