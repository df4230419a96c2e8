using System.Text;
using System.Text.RegularExpressions;

namespace EdgeGateway.Rules.Sql;

/// <summary>A replacement in Java's form: `$1`, `${name}`, a backslash before what is meant literally.</summary>
internal sealed class JavaReplacement
{
    private readonly List<(string? Literal, int Group)> _parts = [];

    /// <returns>Null where it names a group the pattern does not have.</returns>
    public static JavaReplacement? Parse(string text, Regex regex)
    {
        var replacement = new JavaReplacement();
        var groups = regex.GetGroupNumbers();
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
            {
                if (++i >= text.Length)
                    return null;
                literal.Append(text[i]);
            }
            else if (text[i] == '$')
            {
                if (ReadGroup(text, ref i, regex, groups) is not { } group)
                    return null;
                replacement._parts.Add((literal.ToString(), -1));
                replacement._parts.Add((null, group));
                literal.Clear();
            }
            else
            {
                literal.Append(text[i]);
            }
        }
        replacement._parts.Add((literal.ToString(), -1));
        return replacement;
    }

    public string Render(Match match)
    {
        var text = new StringBuilder();
        foreach (var (literal, group) in _parts)
            text.Append(literal ?? match.Groups[group].Value);
        return text.ToString();
    }

    // On the $; leaves the index on the last character read. As many digits as still name a group belong to its number.
    private static int? ReadGroup(string text, ref int at, Regex regex, int[] groups)
    {
        if (at + 1 < text.Length && text[at + 1] == '{')
        {
            var close = text.IndexOf('}', at);
            if (close < 0)
                return null;
            var number = regex.GroupNumberFromName(text[(at + 2)..close]);
            at = close;
            return number < 0 ? null : number;
        }
        if (at + 1 >= text.Length || !char.IsAsciiDigit(text[at + 1]))
            return null;
        var group = text[++at] - '0';
        if (!groups.Contains(group))
            return null;
        while (at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]) && groups.Contains(group * 10 + text[at + 1] - '0'))
            group = group * 10 + text[++at] - '0';
        return group;
    }
}
