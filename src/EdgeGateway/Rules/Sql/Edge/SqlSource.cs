using EdgeGateway.Configuration;

namespace EdgeGateway.Rules.Sql;

/// <summary>A FROM of <c>edge-1</c> that is no topic filter (docs/rules.md).</summary>
/// <param name="Text">As written between the quotes.</param>
/// <param name="Timer">Of <c>FROM TIMER('…')</c>; null: <c>FROM STREAM 'name'</c>.</param>
internal sealed record SqlSource(string Text, CronSchedule? Timer)
{
    public string Print() => Timer is null ? $"STREAM '{Text}'" : $"TIMER('{Text}')";

    /// <summary>Reads it where one stands; null: a topic filter follows.</summary>
    public static SqlSource? TryRead(SqlTokens tokens)
    {
        if (tokens.TakeKeyword("TIMER"))
        {
            tokens.Expect("(");
            var (text, start) = Quoted(tokens, "a cron expression or an interval in quotes, such as '0 */5 * * * *' or '30s'");
            if (CronSchedule.Parse(text, out var fault) is not { } timer)
                throw new SqlSyntaxException(start, fault, "such as TIMER('0 */5 * * * *') or TIMER('30s')");
            tokens.Expect(")");
            return new(text, timer);
        }
        if (!tokens.TakeKeyword("STREAM"))
            return null;
        var (name, at) = Quoted(tokens, "the name of a stream in quotes, which an emit action of another rule names");
        return IsName(name) ? new(name, null) : throw new SqlSyntaxException(at, $"'{name}' is no name of a stream", "1 to 128 letters, digits and _");
    }

    public static bool IsName(string name) => name.Length is >= 1 and <= 128 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static (string Text, int Start) Quoted(SqlTokens tokens, string expected)
    {
        var token = tokens.Current;
        if (token.Kind != SqlTokenKind.String)
            throw tokens.Unexpected(expected);
        tokens.Advance();
        return (token.Text, token.Start);
    }
}
