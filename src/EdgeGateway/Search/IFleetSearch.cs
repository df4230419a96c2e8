using EdgeGateway.Registry;
using EdgeGateway.Search.Query;

namespace EdgeGateway.Search;

/// <summary>
/// The fleet index: things and thing groups found by what they are, how they are now, and whether they are connected. Each call sees every write that
/// was answered before it.
/// </summary>
/// <remarks>Thread-safe. Index names are <c>AWS_Things</c> and <c>AWS_ThingGroups</c>.</remarks>
/// <exception cref="QueryException">A query is wrong.</exception>
/// <exception cref="AggregationException">A field cannot be aggregated.</exception>
/// <exception cref="IndexUnavailableException">The index is off, unknown, or being built.</exception>
public interface IFleetSearch
{
    IndexSettings Settings { get; }

    /// <summary>Takes effect at once; the index is built anew.</summary>
    /// <exception cref="IndexSettingsException">They are not possible.</exception>
    Task UpdateSettingsAsync(IndexSettings settings, CancellationToken cancellationToken);

    IndexStatus StatusOf(string index);

    /// <param name="after">Goes on behind this name; empty for the first page.</param>
    Task<FoundPage<FoundThing>> ThingsAsync(string query, string after, int atMost, CancellationToken cancellationToken);

    /// <inheritdoc cref="ThingsAsync"/>
    Task<FoundPage<ThingGroup>> GroupsAsync(string query, string after, int atMost, CancellationToken cancellationToken);

    /// <param name="field">Null: the version of the registry's entry.</param>
    Task<FieldStatistics> StatisticsAsync(string index, string query, string? field, CancellationToken cancellationToken);

    /// <summary>How many different values there are.</summary>
    /// <inheritdoc cref="StatisticsAsync"/>
    Task<long> CardinalityAsync(string index, string query, string? field, CancellationToken cancellationToken);

    /// <param name="percents">0 to 100 each.</param>
    /// <inheritdoc cref="StatisticsAsync"/>
    /// <returns>A value for each percent, between two neighbours in proportion; empty where there are no numbers.</returns>
    Task<IReadOnlyList<(double Percent, double Value)>> PercentilesAsync(string index, string query, string? field, IReadOnlyList<double> percents, CancellationToken cancellationToken);

    /// <summary>The most frequent values and how often they come, and how many entries the query found.</summary>
    /// <inheritdoc cref="StatisticsAsync"/>
    Task<(long Total, IReadOnlyList<(string Value, long Count)> Buckets)> BucketsAsync(string index, string query, string? field, int atMost, CancellationToken cancellationToken);

    /// <summary>Whether the thing's client is connected; null where nothing is known.</summary>
    Task<Connectivity?> ConnectivityAsync(string thing, CancellationToken cancellationToken);

    /// <summary>Checks a dynamic group's or a fleet metric's query.</summary>
    void Check(string index, string query);
}
