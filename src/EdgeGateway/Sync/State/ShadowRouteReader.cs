using EdgeGateway.Configuration;

namespace EdgeGateway.Sync.State;

/// <summary>Reads <c>upstream[].shadows[]</c>.</summary>
internal static class ShadowRouteReader
{
    private static readonly string[] Words = ["cloud", "local", "latest"];

    public static ShadowRoute Read(ConfigurationNode item)
    {
        var rules = new Dictionary<string, MergeRule>(StringComparer.Ordinal);
        foreach (var rule in item.Items("rules"))
        {
            var path = rule.Required("path", "a JSON pointer such as /desired/config");
            if (!path.StartsWith("/desired", StringComparison.Ordinal) && !path.StartsWith("/reported", StringComparison.Ordinal))
                rule.Fault("path", $"is '{path}', expected a JSON pointer that begins with /desired or /reported");
            rules[path] = Rule(rule.OneOf("rule", "latest", Words));
        }
        return new(item.Required("things", "a name or pattern of things"), item.OneOf("direction", "both", "up", "down", "both"))
        {
            Names = item.String("names", "*"),
            Groups = [.. item.Strings("groups")],
            Desired = Rule(item.OneOf("desired", "cloud", Words)),
            Reported = Rule(item.OneOf("reported", "local", Words)),
            Rules = rules,
        };
    }

    private static MergeRule Rule(string word) => word switch { "cloud" => MergeRule.Cloud, "local" => MergeRule.Local, _ => MergeRule.Latest };
}
