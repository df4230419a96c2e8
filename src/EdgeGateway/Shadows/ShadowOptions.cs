using EdgeGateway.Configuration;

namespace EdgeGateway.Shadows;

/// <summary>Section <c>shadow</c> of the configuration: AWS's limits unless it says otherwise.</summary>
public sealed record ShadowOptions
{
    /// <summary>Compact UTF-8 length of desired plus reported, metadata excluded; 8192 to 262144, 8192 if absent.</summary>
    public int MaxDocumentBytes { get; init; } = 8192;

    /// <summary>Length of a request as it came; 8192 to 1 MB, 128 KB if absent (the cloud's MQTT payload limit).</summary>
    public int MaxRequestBytes { get; init; } = 128 * 1024;

    /// <summary>Deepest level of keys, those of desired and reported being 1; 5 to 32, 8 if absent.</summary>
    public int MaxDepth { get; init; } = 8;

    /// <summary>Unanswered requests of one connection; 1 to 1000, 10 if absent.</summary>
    public int MaxInFlight { get; init; } = 10;

    /// <summary>Requests waiting in all, in bytes; what comes on top is answered 429. 64 KB to 256 MB, 8 MB if absent.</summary>
    public long MaxQueueBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Named shadows of one thing; 1 to 100000, 1000 if absent.</summary>
    public int MaxNamedPerThing { get; init; } = 1000;

    /// <summary>Requests per second and thing; 0, the default, is no limit.</summary>
    public int MaxRequestsPerSecond { get; init; }

    /// <summary>Documents kept in memory, in bytes; 64 KB to 1 GB, 16 MB if absent. The rest is read from the database.</summary>
    public long CacheBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long the version of a deleted shadow is remembered; null, the default, is for ever. The cloud: 48 h.</summary>
    public TimeSpan? TombstoneRetention { get; init; }

    /// <summary>Former documents kept of every shadow that nobody asked a history of; 0 to 1000, 0 if absent.</summary>
    public int HistoryEntries { get; init; }

    internal static ShadowOptions Read(ConfigurationNode section)
    {
        var retention = section.Duration("tombstoneRetention", TimeSpan.Zero);
        return new()
        {
            MaxDocumentBytes = (int)section.Size("maxDocumentBytes", 8192, 8192, 262144),
            MaxRequestBytes = (int)section.Size("maxRequestBytes", 128 * 1024, 8192, 1024 * 1024),
            MaxDepth = section.Int32("maxDepth", 8, 5, 32),
            MaxInFlight = section.Int32("maxInFlight", 10, 1, 1000),
            MaxQueueBytes = section.Size("maxQueueBytes", 8 * 1024 * 1024, 64 * 1024, 256 * 1024 * 1024),
            MaxNamedPerThing = section.Int32("maxNamedPerThing", 1000, 1, 100_000),
            MaxRequestsPerSecond = section.Int32("maxRequestsPerSecond", 0, 0, 100_000),
            CacheBytes = section.Size("cacheBytes", 16 * 1024 * 1024, 64 * 1024, 1024 * 1024 * 1024),
            TombstoneRetention = retention == TimeSpan.Zero ? null : retention,
            HistoryEntries = section.Int32("historyEntries", 0, 0, 1000),
        };
    }
}
