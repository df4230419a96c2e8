using EdgeGateway.Configuration;
using EdgeGateway.Messaging;

namespace EdgeGateway.Rules.Series;

/// <summary>Which values of which shadows are kept as series (<c>rules.series.shadows[]</c>).</summary>
/// <param name="Things">Name or pattern with <c>*</c>.</param>
/// <param name="Names">Of the shadows; empty for the classic one.</param>
/// <param name="Members">Dotted paths or patterns, such as <c>reported.temperature</c> or <c>reported.*</c>.</param>
internal sealed record ShadowSeriesRoute(string Things, string Names, IReadOnlyList<string> Members)
{
    public static ShadowSeriesRoute Read(ConfigurationNode item)
    {
        var members = item.Strings("members");
        foreach (var member in members)
            if (!member.StartsWith("reported.", StringComparison.Ordinal) && !member.StartsWith("desired.", StringComparison.Ordinal))
                item.Fault("members", $"holds '{member}', expected a path that begins with reported. or desired., such as reported.temperature or reported.*");
        return new(item.Required("things", "a name or pattern of things"), item.String("names", ""), members.Count == 0 ? ["reported.*"] : members);
    }

    public bool Has(string thing, string shadow) => NamePattern.Matches(Things, thing) && NamePattern.Matches(Names, shadow);

    public bool Has(string member) => Members.Any(pattern => NamePattern.Matches(pattern, member));
}
