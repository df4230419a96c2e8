using EdgeGateway.Configuration;
using EdgeGateway.Search.Query;

namespace EdgeGateway.Search;

/// <summary>Limits of the fleet index (<c>search.*</c>).</summary>
public sealed record SearchOptions
{
    /// <summary>What is indexed until the API says otherwise.</summary>
    public IndexSettings Initial { get; init; } = IndexSettings.Everything;

    /// <summary>Terms of a query; 100 if absent, 7 as AWS in profile <c>aws</c>.</summary>
    public int Terms { get; init; } = 100;

    /// <summary>Custom fields of an index, and fields that hold places; 5 each in profile <c>aws</c>, else 100.</summary>
    public int CustomFields { get; init; } = 100;

    /// <summary>AWS's own limits hold: 10 named shadows.</summary>
    public bool IsAws { get; init; }

    internal QueryLimits Limits => new(Terms);

    /// <param name="root">Of the configuration: the profile is the broker's.</param>
    internal static SearchOptions Read(ConfigurationNode root)
    {
        var isAws = root.Section("broker").OneOf("profile", "standard", "standard", "aws", "open") == "aws";
        var section = root.Section("search");
        return new()
        {
            Initial = section.OneOf("index", isAws ? "off" : "all", "all", "off") == "all" ? IndexSettings.Everything : IndexSettings.Off,
            Terms = section.Int32("terms", ifAbsent: isAws ? 7 : 100, atLeast: 1, atMost: 1000),
            CustomFields = isAws ? 5 : 100,
            IsAws = isAws,
        };
    }
}
