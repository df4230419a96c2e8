using System.Text.RegularExpressions;

namespace EdgeGateway.Rules.Sql;

/// <summary>regexp_* in Java's dialect (AWS guide: SQL functions).</summary>
internal static class RegexFunctions
{
    public static readonly SqlFunction[] All =
    [
        new("regexp_matches", false, 2, 2, static (e, a) => With(e, a, static (regex, text, _) => regex.IsMatch(text))),
        new("regexp_substr", false, 2, 2, static (e, a) => With(e, a, static (regex, text, _) => regex.Match(text) is { Success: true } match ? match.Value : default(SqlValue))),
        new("regexp_replace", false, 3, 3, static (e, a) => a[2].ToStringOrNull() is { } replacement
            ? With(e, a, (regex, text, evaluation) => Replace(regex, text, replacement, evaluation))
            : default),
    ];

    private static SqlValue With(SqlEvaluation evaluation, ReadOnlySpan<SqlValue> arguments, Func<Regex, string, SqlEvaluation, SqlValue> use)
    {
        if (arguments[0].ToStringOrNull() is not { } text || arguments[1].ToStringOrNull() is not { } pattern)
            return default;
        if (!evaluation.TryStep(1 + (text.Length >> 6)) || JavaRegex.Find(pattern) is not { } regex)
            return default;
        try
        {
            return use(regex, text, evaluation);
        }
        catch (RegexMatchTimeoutException) // a pattern that needs backtracking, on a text that makes it go astray
        {
            return default;
        }
    }

    private static SqlValue Replace(Regex regex, string text, string replacement, SqlEvaluation evaluation)
    {
        if (JavaReplacement.Parse(replacement, regex) is not { } parts)
            return default;
        var grown = 0L;
        var result = regex.Replace(text, match =>
        {
            if (evaluation.Failure is not null)
                return "";
            var part = parts.Render(match);
            grown += part.Length;
            return evaluation.MayHold(grown) ? part : "";
        });
        return evaluation.MayHold(result.Length) ? result : default(SqlValue);
    }
}
