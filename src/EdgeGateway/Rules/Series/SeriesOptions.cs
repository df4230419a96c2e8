using EdgeGateway.Configuration;

namespace EdgeGateway.Rules.Series;

/// <summary>The section `rules.series`.</summary>
internal sealed record SeriesOptions
{
    /// <summary>Single readings are kept so long; 30 d if absent.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Count, sum, least, greatest, first and last of each hour are kept so long; 1825 d if absent.</summary>
    public TimeSpan HoursRetention { get; init; } = TimeSpan.FromDays(1825);

    /// <summary>Series that may be; a dimension with too many values would fill the memory. 10 000 if absent.</summary>
    public int MaxSeries { get; init; } = 10_000;

    /// <summary>Values of shadows that are kept; none if absent.</summary>
    public IReadOnlyList<ShadowSeriesRoute> Shadows { get; init; } = [];

    public static SeriesOptions Read(ConfigurationNode section) => new()
    {
        Retention = section.Duration("retention", TimeSpan.FromDays(30), TimeSpan.FromHours(1), TimeSpan.FromDays(36_500)),
        HoursRetention = section.Duration("hoursRetention", TimeSpan.FromDays(1825), TimeSpan.FromHours(1), TimeSpan.FromDays(36_500)),
        MaxSeries = section.Int32("maxSeries", 10_000, atLeast: 1, atMost: 1_000_000),
        Shadows = [.. section.Items("shadows").Select(ShadowSeriesRoute.Read)],
    };
}
