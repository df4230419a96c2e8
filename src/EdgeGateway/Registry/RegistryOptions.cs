using EdgeGateway.Configuration;

namespace EdgeGateway.Registry;

/// <summary>Limits of the registry (<c>registry.*</c>); the defaults are AWS's.</summary>
public sealed record RegistryOptions
{
    /// <summary>Attributes of a thing without a type; 3 if absent.</summary>
    public int MaxAttributesWithoutType { get; init; } = 3;

    /// <summary>How long a type must have been deprecated before it may be deleted; 5 minutes if absent.</summary>
    public TimeSpan DeprecationWait { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a place in the change feed is kept for a consumer that does not come back; 30 days if absent.</summary>
    public TimeSpan FeedRetention { get; init; } = TimeSpan.FromDays(30);

    internal static RegistryOptions Read(ConfigurationNode section) => new()
    {
        MaxAttributesWithoutType = section.Int32("attributesWithoutType", ifAbsent: 3, atLeast: 0, atMost: RegistryRules.MaxAttributes),
        DeprecationWait = section.Duration("deprecationWait", ifAbsent: TimeSpan.FromMinutes(5)),
        FeedRetention = section.Duration("feedRetention", ifAbsent: TimeSpan.FromDays(30), atLeast: TimeSpan.FromDays(1)),
    };
}
