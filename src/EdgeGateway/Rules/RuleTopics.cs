using EdgeGateway.Messaging;
using EdgeGateway.Rules.Sql;

namespace EdgeGateway.Rules;

/// <summary>Basic Ingest: a publish to `$aws/rules/NAME/REST` goes straight to that rule, which sees REST (AWS guide: SQL reference).</summary>
internal static class RuleTopics
{
    public const string Prefix = "$aws/rules/";

    public static bool TryBasicIngest(string topic, out string ruleName, out string rest)
    {
        (ruleName, rest) = ("", "");
        if (!topic.StartsWith(Prefix, StringComparison.Ordinal))
            return false;
        var slash = topic.IndexOf('/', Prefix.Length);
        (ruleName, rest) = slash < 0 ? (topic[Prefix.Length..], "") : (topic[Prefix.Length..slash], topic[(slash + 1)..]);
        return true;
    }

    /// <summary>Whether a statement's FROM takes a topic; on Basic Ingest FROM does not matter (AWS does not say).</summary>
    public static bool Listens(SqlStatement statement, string topic) => statement.Filters.Any(filter => Topics.Matches(filter, topic));
}
