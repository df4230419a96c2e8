namespace EdgeGateway.Pages.Components;

/// <summary>The topic filter of a rule's statement, as far as a page needs it to offer a message to try.</summary>
internal static class StatementTopic
{
    /// <returns>What stands in quotes after FROM; null if there is no such thing.</returns>
    public static string? FilterOf(string sql)
    {
        for (var at = sql.IndexOf("from", StringComparison.OrdinalIgnoreCase); at >= 0; at = sql.IndexOf("from", at + 4, StringComparison.OrdinalIgnoreCase))
        {
            var rest = sql[(at + 4)..].TrimStart();
            if (rest.Length > 1 && rest[0] is '\'' or '"' && rest.IndexOf(rest[0], 1) is > 1 and var end)
                return rest[1..end];
        }
        return null;
    }

    /// <summary>A topic the filter matches: each wildcard becomes a plain level.</summary>
    public static string ExampleOf(string filter) => string.Join('/', filter.Split('/').Select(level => level is "+" or "#" ? "example" : level));
}
