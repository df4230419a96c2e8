namespace EdgeGateway.Rules.Series;

/// <summary>Readings over time, as `timestream` and `cloudwatchMetric` write them.</summary>
/// <remarks>Thread-safe. Times are Unix nanoseconds.</remarks>
public interface ISeries
{
    /// <param name="database">Null: all.</param>
    IReadOnlyList<SeriesInfo> All(string? database = null, string? table = null);

    /// <summary>The series of a measure whose dimensions hold these.</summary>
    IReadOnlyList<SeriesName> Find(string database, string table, string measure, IReadOnlyDictionary<string, string> dimensions);

    /// <summary>In order of time, the later of two at one moment.</summary>
    /// <param name="descending">The newest first.</param>
    IReadOnlyList<SeriesPoint> Range(SeriesName name, long from, long to, int limit, bool descending = false);

    SeriesPoint? Last(SeriesName name);

    /// <summary>Bins of numbers, each `step` wide from a multiple of it; empty ones are left out. Where single readings are gone already, the hours kept of them.</summary>
    IReadOnlyList<SeriesBin> Bins(SeriesName name, long from, long to, long step);

    /// <returns>False where there was none.</returns>
    Task<bool> DeleteAsync(SeriesName name);
}
