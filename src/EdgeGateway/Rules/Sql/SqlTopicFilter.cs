namespace EdgeGateway.Rules.Sql;

/// <summary>The FROM clause's filters (AWS guide: SQL reference).</summary>
internal static class SqlTopicFilter
{
    /// <summary>What is wrong with a filter, or null.</summary>
    public static string? FaultOf(string filter)
    {
        if (filter.Length == 0)
            return "the topic filter is empty";
        if (filter.StartsWith("$aws/rules/", StringComparison.Ordinal))
            return "a rule cannot listen on $aws/rules/";
        var levels = filter.Split('/');
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i].Contains('#') && (levels[i] != "#" || i != levels.Length - 1))
                return "# stands neither alone nor last in the topic filter";
            if (levels[i].Contains('+') && levels[i] != "+")
                return "+ does not stand alone in its level of the topic filter";
        }
        return null;
    }
}
