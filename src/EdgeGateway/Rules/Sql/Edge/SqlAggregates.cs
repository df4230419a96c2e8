using System.Collections.Frozen;

namespace EdgeGateway.Rules.Sql;

/// <summary>The aggregates of `edge-1` by name (docs/rules.md).</summary>
internal static class SqlAggregates
{
    private static readonly FrozenDictionary<string, SqlAggregate> ByName = ((SqlAggregate[])
    [
        new("count", 1, 1, static () => new NumberAccumulator("count")),
        .. ((string[])["sum", "avg", "min", "max", "stddev", "stddevs", "var", "vars"]).Select(static name => new SqlAggregate(name, 1, 1, () => new NumberAccumulator(name))),
        new("median", 1, 1, static () => new ListAccumulator("median")),
        new("percentile", 2, 2, static () => new ListAccumulator("percentile")),
        new("percentile_disc", 2, 2, static () => new ListAccumulator("percentile_disc")),
        new("first_value", 1, 1, static () => new LastAccumulator(isFirst: true)),
        new("last_value", 1, 2, static () => new LastAccumulator(isFirst: false)),
        new("collect", 1, 1, static () => new ListAccumulator("collect")),
        new("deduplicate", 1, 2, static () => new ListAccumulator("deduplicate")),
        new("count_distinct", 1, 1, static () => new ListAccumulator("count_distinct")),
        new("merge_agg", 1, 1, static () => new MergeAccumulator()),
        new("rate", 1, 1, static () => new RateAccumulator()),
        new("time_weighted_avg", 1, 1, static () => new TimeWeightedAccumulator()),
    ]).ToFrozenDictionary(static aggregate => aggregate.Name, StringComparer.OrdinalIgnoreCase);

    public static SqlAggregate? Find(string name) => ByName.GetValueOrDefault(name);

    public static IEnumerable<string> Names => ByName.Keys;
}
